#!/usr/bin/env python3
"""pratique convert beside the real torch and safetensors: both load what it made, and every tensor
is compared bit for bit. TAP. PRATIQUE_TORCH names a Python that has both; without it they are
installed, pinned, in build/torch (some gigabytes; pip's own settings choose the index)."""

import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
VENV = ROOT / "build/torch"
PINS = ("torch==2.15.0", "safetensors==0.8.0", "numpy==2.4.6")
ROOM = 15 * 2**30


def find():
    """The Python to run under; None: it cannot be had here."""
    for python in (os.environ.get("PRATIQUE_TORCH"), VENV / "bin/python"):
        if python and os.path.exists(python):
            return str(python)
    if shutil.disk_usage(ROOT).free < ROOM:
        return None
    subprocess.run([sys.executable, "-m", "venv", str(VENV)], check=True)
    pip = [str(VENV / "bin/python"), "-m", "pip", "install", "-q", "--only-binary", ":all:", *PINS]
    if subprocess.run(pip).returncode:
        shutil.rmtree(VENV)
        return None
    return str(VENV / "bin/python")


def compare():
    """Under that Python: many shapes of checkpoint, each saved in both forms."""
    import collections
    import json
    import warnings

    sys.path.insert(0, str(ROOT / "tests/cli"))
    sys.path.insert(0, str(ROOT / "tests/convert"))
    import torch
    from safetensors import safe_open
    from safetensors.torch import load_file, load_model, save_file, save_model
    from _tap import ADMIT, STOPPED, equal, main, run, test
    import make_fixtures as maker

    warnings.simplefilter("ignore")
    torch.manual_seed(60)

    def loads(path, want, shared):
        """Both libraries read it; every tensor is the one that torch has."""
        with safe_open(path, "pt") as f:
            meta = f.metadata()
            names = set(f.keys())
        assert names | set(shared) == set(want), (names ^ set(want), shared)
        got = {} if any(t.dtype == torch.float4_e2m1fn_x2 for t in want.values()) else load_file(path)
        for name, t in want.items():
            if name in shared:
                equal(meta[name], shared[name])
            elif got:
                x = got[name]
                equal((x.dtype, x.shape), (t.dtype, t.shape), name)
                equal(maker.dense(x), maker.dense(t), name)

    def both(obj, forms=(True, False)):
        with tempfile.TemporaryDirectory() as folder:
            source, out = os.path.join(folder, "in.pt"), os.path.join(folder, "out.safetensors")
            for form in forms:
                torch.save(obj, source, _use_new_zipfile_serialization=form)
                done = run("convert", "--overwrite", "--skip", source, out)
                equal((done.returncode, done.stderr), (ADMIT, b""))
                loaded = torch.load(source, weights_only=False)
                want = {k or "tensor": v for k, v in maker.flat(loaded)
                        if isinstance(v, torch.Tensor) and maker.dense(v) is not None}
                loads(out, want, maker.shared_of(want))

    @test
    def layers():
        both(torch.nn.Transformer(32, 4, 2, 2, 64).state_dict())
        both(torch.nn.LSTM(7, 9, 2, bidirectional=True).state_dict())

    @test
    def optimizer():
        net = torch.nn.Linear(30, 20)
        opt = torch.optim.Adam(net.parameters())
        net(torch.randn(4, 30)).sum().backward()
        opt.step()
        both({"model": net.state_dict(), "opt": opt.state_dict(), "epoch": 1})

    @test
    def any_strides():
        """Views at random: slices, steps, permutations, expansions, of every width."""
        import random
        choose = random.Random(6)
        for dtype in (torch.uint8, torch.bfloat16, torch.float32, torch.float64, torch.complex64):
            d = {}
            for i in range(40):
                size = [choose.randint(0 if choose.random() < .05 else 1, 9) for _ in range(choose.randint(0, 5))]
                t = torch.randn(size).mul(50).to(dtype) if size else torch.tensor(1).to(dtype)
                for _ in range(choose.randint(0, 3)):
                    if t.dim() and choose.random() < .5:
                        t = t.permute(choose.sample(range(t.dim()), t.dim()))
                    elif t.dim():
                        dim = choose.randrange(t.dim())
                        t = t[(slice(None),) * dim + (slice(choose.randint(0, t.shape[dim]), None, choose.randint(1, 3)),)]
                    if choose.random() < .2:
                        t = t.unsqueeze(0).expand(3, *t.shape)
                d["t%d" % i] = t
            both(d)

    @test
    def large():
        """Pieces from file to file, tiles, and what crosses them."""
        w = torch.randn(3000, 2500)
        both({"w": w, "t": w.t(), "part": w[5:2000, 3:700], "deep": torch.randn(20, 30, 40, 50).permute(3, 1, 0, 2),
              "bytes": torch.arange(3 * 2**20).to(torch.uint8), "small": torch.ones(3)})

    @test
    def every_kind():
        both({n: torch.randn(6, 4).to(getattr(torch, n)) for n in maker.DTYPES
              if "float4" not in n and "e8m0" not in n}, forms=(True,))

    @test
    def as_the_libraries_write_it():
        """The same file as save_file, and the same tensors as save_model, which load_model takes."""
        with tempfile.TemporaryDirectory() as folder:
            source, out, theirs = (os.path.join(folder, n) for n in ("in.pt", "out", "theirs"))
            d = {"b": torch.randn(3, 4), "a": torch.arange(3), "\u00e9 \"x\\": torch.ones(2).half(), "z": torch.zeros(0)}
            torch.save(d, source)
            equal(run("convert", source, out).returncode, ADMIT)
            save_file(d, theirs, metadata={"format": "pt"})
            equal(pathlib.Path(out).read_bytes(), pathlib.Path(theirs).read_bytes())

            class Tied(torch.nn.Module):
                def __init__(self):
                    super().__init__()
                    self.out, self.embed = torch.nn.Linear(4, 5, bias=False), torch.nn.Embedding(5, 4)
                    self.out.weight = self.embed.weight
                    self.last = torch.nn.Linear(2, 2)

            tied = Tied()
            torch.save(tied.state_dict(), source)
            equal(run("convert", "--overwrite", source, out).returncode, ADMIT)
            save_model(tied, theirs)
            with safe_open(out, "pt") as ours, safe_open(theirs, "pt") as others:
                equal(sorted(ours.keys()), sorted(others.keys()))
                equal({k: v for k, v in ours.metadata().items() if k != "format"}, others.metadata())
            other = Tied()
            load_model(other, out)
            for k, v in tied.state_dict().items():
                assert torch.equal(v, other.state_dict()[k]), k

    @test
    def modules():
        class Own(torch.nn.Module):
            def __init__(self):
                super().__init__()
                self.a = torch.nn.Sequential(torch.nn.Conv2d(3, 4, 2), torch.nn.BatchNorm2d(4), torch.nn.ReLU())
                self.list = torch.nn.ParameterList([torch.ones(2), torch.zeros(1)])
        Own.__qualname__, Own.__module__ = "Own", "__main__"
        sys.modules["__main__"].Own = Own
        both(Own())

    @test
    def dictionaries():
        both(collections.OrderedDict(a=torch.ones(1), b=collections.defaultdict(list, c=torch.ones(2))))
        both([{"a": (torch.ones(1), [torch.zeros(2)])}, torch.tensor(3)])
        both(torch.nn.ParameterDict({"x": torch.ones(3)}).state_dict())

    @test
    def what_other_versions_wrote():
        """The benign corpus: torch 1.13 and 2.15, whole modules, views, checkpoints of trainers."""
        compared = 0
        for source in sorted((ROOT / "tests/fixtures/benign").glob("torch*.p[t]*")):
            try:
                loaded = torch.load(source, weights_only=False)
            except Exception:  # a class that is gone
                continue
            want = {k or "tensor": v for k, v in maker.flat(loaded)
                    if isinstance(v, torch.Tensor) and maker.dense(v) is not None}
            with tempfile.TemporaryDirectory() as folder:
                out = os.path.join(folder, "out")
                done = run("convert", "--skip", str(source), out)
                equal(done.returncode, ADMIT if want else STOPPED, source.name)
                if want:
                    loads(out, want, maker.shared_of(want))
                    compared += len(want)
        assert compared > 200, compared

    main()


def start():
    python = find()
    if not python:
        print("ok 1 - convert # SKIP no torch here, and no way or room to install it")
        return 0
    return subprocess.run([python, __file__, "--under"], cwd=ROOT).returncode


if __name__ == "__main__":
    if sys.argv[1:] == ["--under"]:
        del sys.argv[1:]
        compare()
    sys.exit(start())
