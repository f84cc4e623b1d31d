#!/usr/bin/env python3
"""Makes tests/corpus/fixtures: hostile files that only a library or a tool can write.

    make_fixtures.py FOLDER      makes those the running interpreter has the libraries for

Needs any of: dill, cloudpickle, skops, lz4, torch; the programs zstd and 7z.
Rows are added to FOLDER/table.json. The payload is the corpus's usual one.
"""
import json
import os
import subprocess
import sys
import tempfile
from typing import Tuple  # noqa: F401  (TorchScript looks here)

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

from asm import CODE, COMMAND, evil  # noqa: E402
from hostile_containers import tar_of  # noqa: E402
from zips import torch_zip  # noqa: E402

OUT = ""
ROWS = {}


def keep(name, data, technique, reference, needs="", load="pickle", fires=True):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    ROWS[name] = {"file": name, "technique": technique, "reference": reference, "needs": needs,
                  "load": load, "fires": fires}


class Runs:
    def __init__(self, function, *args):
        self.call = function, args

    def __reduce__(self):
        return self.call


def payload():
    import os
    open(os.environ.get("PRATIQUE_MARKER", "/dev/null"), "a").write("pratique-fixture")
    return 1


def code_objects(lib):
    """dill and cloudpickle write functions as programs."""
    t, ref = "code objects", "dill and cloudpickle store bytecode"
    see = "no effect to see"
    payload.__module__ = "__main__"
    k = lambda name, obj, fires, **kw: keep("%s-%s.pkl" % (lib.__name__, name), lib.dumps(
        obj, **kw), t, ref, lib.__name__, "dill" if lib.__name__ == "dill" else "pickle", fires)
    k("lambda", lambda x: x + 1, see)
    k("function", payload, see)
    k("closure", (lambda n: lambda: payload() + n)(3), see)
    k("in-list", [1, payload], see)
    k("generator-function", eval("lambda: (yield 1)"), see)

    class Thing(object):
        def method(self):
            return payload()
    Thing.__module__ = "__main__"
    k("class", Thing, see)
    k("instance", Thing(), see)

    class Fires(object):
        def __reduce__(self):
            return payload, ()
    k("reduce-calls-it", Fires(), True)

    class Sets(object):
        def __setstate__(self, state):
            payload()

        def __getstate__(self):
            return {"a": 1}
    Sets.__module__ = "__main__"
    # dill leaves the method's global names to __main__: the method runs, and stops there
    runs = True if lib.__name__ == "cloudpickle" else "effect"
    k("setstate-method", Sets(), runs)

    class Hashes(object):
        def __hash__(self):
            payload()
            return 1
    Hashes.__module__ = "__main__"
    k("hash-method", {Hashes(): 1}, runs)

    class Appends(list):
        def append(self, x):
            payload()

        def extend(self, x):
            payload()
    Appends.__module__ = "__main__"
    k("append-method", Appends([1, 2]), runs)
    k("protocol-2", payload, see, protocol=2)


def dill_only(dill):
    t, ref = "code objects", "dill"
    see = "no effect to see"
    keep("dill-recurse.pkl", dill.dumps(payload, recurse=True), t, ref, "dill", "dill", see)
    keep("dill-by-source.pkl", dill.dumps(payload.__code__), t, ref, "dill", "dill", see)
    keep("dill-file-handle.pkl", dill.dumps(open(os.devnull)), t, ref, "dill", "dill", see)
    keep("dill-module.pkl", dill.dumps(json), t, ref, "dill", "dill", see)
    keep("dill-method-of-module.pkl", dill.dumps(os.system), t, ref, "dill", "dill", see)


def skops_files():
    import skops.io
    from sklearn.preprocessing import FunctionTransformer
    keep("skops-functiontransformer-system.skops", skops.io.dumps(FunctionTransformer(os.system)),
         "skops", "a function of the file's choice", "skops", "skops", "no effect to see")
    import functools
    keep("skops-partial-system.skops", skops.io.dumps(functools.partial(os.system, COMMAND)),
         "skops", "a function of the file's choice", "skops", "skops", "no effect to see")


def lz4_files():
    import lz4.frame
    keep("joblib-lz4.joblib", lz4.frame.compress(evil()), "joblib", "joblib with lz4",
         "joblib+lz4", "joblib")
    keep("lz4-plain.lz4", lz4.frame.compress(evil()), "archives", "lz4 stream",
         fires="no effect to see", load="unpack")


def torch_files():
    import torch
    t, ref = "torch made", "saved by torch.save"
    k = lambda name, obj, fires=True, **kw: (torch.save(obj, tmp, **kw), keep(
        name, open(tmp, "rb").read(), t, ref, "torch", "torch", fires))
    tmp = os.path.join(tempfile.mkdtemp(), "x.pt")
    bad = Runs(os.system, COMMAND)
    k("torch-save-state.pt", {"w": torch.zeros(2), "x": bad})
    k("torch-save-legacy.pt", {"w": torch.zeros(2), "x": bad},
      _use_new_zipfile_serialization=False)
    k("torch-save-protocol-4.pt", {"w": torch.zeros(2), "x": bad}, pickle_protocol=4)
    k("torch-save-eval.pt", [Runs(eval, "1"), Runs(exec, CODE)])
    lin = torch.nn.Linear(2, 2)
    lin.register_forward_hook(exec)
    k("torch-module-with-hook.pt", lin, "no effect to see")
    lin2 = torch.nn.Linear(2, 2)
    lin2.extra = bad
    k("torch-module-attribute.pt", lin2)
    seq = torch.nn.Sequential(torch.nn.Linear(2, 2))
    seq._modules["1"] = bad
    k("torch-sequential-member.pt", seq)
    g = torch.fx.symbolic_trace(torch.nn.Linear(2, 2))
    k("torch-fx-graphmodule.pt", g, "no effect to see")

    class Script(torch.nn.Module):
        """CVE-2025-32434's way in: TorchScript runs __setstate__ when it is loaded."""

        def forward(self, x):
            return x

        @torch.jit.export
        def __getstate__(self):
            return (1, self.training)

        @torch.jit.export
        def __setstate__(self, state: Tuple[int, bool]):
            t = torch.from_file("pratique-marker", True, 16)
            self.training = t.numel() > 3
    torch.jit.save(torch.jit.script(Script()), tmp)
    keep("torchscript-setstate-from-file.pt", open(tmp, "rb").read(), t,
         "CVE-2025-32434: operators that write files, run on load", "torch", "torch-jit")

    class Param(torch.nn.Parameter):
        def __reduce_ex__(self, proto):
            return os.system, (COMMAND,)
    k("torch-parameter-subclass.pt", {"w": Param(torch.zeros(2))})


def tools():
    t = "archives"
    folder = tempfile.mkdtemp()
    with open(os.path.join(folder, "model.pkl"), "wb") as f:
        f.write(evil())
    with open(os.path.join(folder, "model.pt"), "wb") as f:
        f.write(torch_zip(evil()))
    with open(os.path.join(folder, "a.tar"), "wb") as f:
        f.write(tar_of([("model.pkl", evil())]))

    def tool(name, *argv):
        out = os.path.join(folder, name)
        if subprocess.call(list(argv[:1]) + [a.replace("OUT", out) for a in argv[1:]],
                           cwd=folder, stdout=subprocess.DEVNULL) == 0:
            keep(name, open(out, "rb").read(), t, "nullifAI for 7z", load="unpack",
                 fires="no effect to see")
    tool("tar-zst.tar.zst", "zstd", "-q", "a.tar", "-o", "OUT")
    tool("pkl-zst.pkl.zst", "zstd", "-q", "model.pkl", "-o", "OUT")
    tool("sevenzip.7z", "7z", "a", "-bd", "OUT", "model.pkl")
    tool("sevenzip-torch.7z", "7z", "a", "-bd", "OUT", "model.pt")
    tool("sevenzip-password.7z", "7z", "a", "-bd", "-px", "-mhe=on", "OUT", "model.pkl")
    tool("zip-password.zip", "7z", "a", "-bd", "-px", "OUT", "model.pkl")
    if "sevenzip-torch.7z" in ROWS:
        keep("sevenzip-as-pt.pt", open(os.path.join(folder, "sevenzip-torch.7z"), "rb").read(),
             t, "nullifAI: 7z named .pt", load="unpack", fires="no effect to see")


def main():
    global OUT
    OUT = sys.argv[1]
    os.makedirs(OUT, exist_ok=True)
    table = os.path.join(OUT, "table.json")
    if os.path.exists(table):
        for row in json.load(open(table)):
            ROWS[row["file"]] = row
    for name, make in (("cloudpickle", code_objects), ("dill", code_objects),
                       ("dill", dill_only)):
        try:
            make(__import__(name))
        except ImportError:
            pass
    for make in (skops_files, lz4_files, torch_files):
        try:
            make()
        except ImportError:
            pass
    try:
        tools()
    except OSError:
        pass
    with open(table, "w") as f:
        json.dump([ROWS[k] for k in sorted(ROWS)], f, indent=1)
        f.write("\n")
    print("%d fixtures" % len(ROWS))


if __name__ == "__main__":
    if os.path.isabs(__file__):                   # bytecode names its file: a short name, then
        source = compile(open(__file__).read(), "make_fixtures.py", "exec")
        __file__ = "make_fixtures.py"             # cloudpickle stores this one
        exec(source)
    else:
        main()
