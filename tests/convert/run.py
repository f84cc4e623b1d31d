#!/usr/bin/env python3
"""pratique convert: what torch wrote (fixtures/, by make_fixtures.py), and what nobody should
believe, made by hand. TAP on standard output. PRATIQUE names the program."""

import hashlib
import json
import os
import pathlib
import resource
import struct
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
for folder in ("cli", "corpus"):
    sys.path.insert(0, str(HERE.parent / folder))

from _tap import ADMIT, ROOT, STOPPED, UNDECIDED, USAGE, Skip, equal, main, run, test  # noqa: E402
from asm import Op, append, build, call, g, get, glob, memo, new, p4, proto, push, setitem, system, then, tup  # noqa: E402
from zips import Member, zip_bytes  # noqa: E402

FIXTURES = HERE / "fixtures"
EXPECT = json.loads((FIXTURES / "expect.json").read_text())["files"]
WIDTH = {"F64": 8, "F32": 4, "F16": 2, "BF16": 2, "I64": 8, "I32": 4, "I16": 2, "I8": 1, "U8": 1,
         "U16": 2, "U32": 4, "U64": 8, "BOOL": 1, "C64": 8, "F4": 0.5}


# ---- reading safetensors, strictly ----

def pairs(items):
    assert len({k for k, _ in items}) == len(items), "a key twice"
    return dict(items)


def read(data):
    """name -> (dtype, shape, bytes), and the metadata; every rule of the format is checked."""
    n, = struct.unpack_from("<Q", data)
    assert n % 8 == 0 and data[8:9] == b"{" and 8 + n <= len(data)
    head = json.loads(data[8:8 + n].decode("utf-8"), object_pairs_hook=pairs)
    meta, body, out, at = head.pop("__metadata__"), data[8 + n:], {}, 0
    assert all(type(v) is str for v in meta.values())
    for name, t in head.items():
        a, b = t["data_offsets"]
        assert a == at, "a gap or an overlap"
        out[name], at = (t["dtype"], t["shape"], body[a:b]), b
        count = 1
        for d in t["shape"]:
            count *= d
        assert b - a == count * WIDTH.get(t["dtype"], 1)
    assert at == len(body), "bytes that nobody names"
    return out, meta


class Folder:
    def __enter__(self):
        self.temporary = tempfile.TemporaryDirectory(prefix="pratique-convert-")
        self.path = pathlib.Path(self.temporary.name)
        return self

    def __exit__(self, *_):
        self.temporary.cleanup()

    def put(self, data, name="in.pt"):
        (self.path / name).write_bytes(data)
        return str(self.path / name)

    def convert(self, source, *options, **kw):
        return run("convert", *options, str(source), str(self.path / "out.safetensors"), **kw)

    def result(self):
        return (self.path / "out.safetensors").read_bytes()

    def names(self):
        return sorted(os.listdir(self.path))


def convert(data, *options):
    """(process, tensors, metadata) of bytes; no output, no tensors."""
    with Folder() as f:
        done = f.convert(f.put(data), *options)
        if done.returncode != ADMIT:
            equal(f.names(), ["in.pt"], "what is left of a failure")
            return done, None, None
        equal(f.names(), ["in.pt", "out.safetensors"], "what is there")
        return (done, *read(f.result()))


def refused(data, word, status=STOPPED, options=("--skip",)):
    done, *_ = convert(data, *options)
    text = done.stderr.decode()
    assert done.returncode == status and word in text, (done.returncode, text, done.stdout)


# ---- what torch wrote ----

def compare(name):
    want = EXPECT[name]
    with Folder() as f:
        if want["left_out"]:
            equal(f.convert(FIXTURES / name).returncode, STOPPED, "without --skip")
            equal(f.names(), [], "without --skip")
        done = f.convert(FIXTURES / name, "--skip", "--verbose")
        equal((done.returncode, done.stderr), (ADMIT, b""), name)
        data = f.result()
    left = sorted(line[10:].split(":")[0] for line in done.stdout.decode().splitlines()
                  if line.startswith("left out"))
    tensors, meta = read(data)
    equal({k: [t, s, hashlib.sha256(b).hexdigest()] for k, (t, s, b) in tensors.items()},
          want["tensors"], name)
    equal({k: v for k, v in meta.items() if k != "format"}, want["shared"], name + ": shared")
    equal(meta["format"], "pt", name)
    equal(left, sorted(x or "(the whole)" for x in want["left_out"]), name + ": left out")
    if "file" in want:
        equal(hashlib.sha256(data).hexdigest(), want["file"], name + ": safetensors' own file")


def fixture(name):
    def check():
        compare(name)
    check.__name__ = "torch_wrote_" + name.replace("-", "_").replace(".", "_")
    test(check)


for one in sorted(EXPECT):
    fixture(one)


# ---- checkpoints by hand ----

HOOKS = call("collections:OrderedDict")


def storage(key="0", count=4, kind="Float", location="cpu"):
    return Op(tup("storage", g("torch:%sStorage" % kind), key, location, count) + b"Q")


def tensor(st=None, offset=0, size=(4,), stride=(1,), extra=(), hooks=HOOKS):
    return call("torch._utils:_rebuild_tensor_v2", storage() if st is None else st, offset, size,
                stride, False, hooks, *extra)


def v3(st, dtype, size=(4,), stride=(1,), *extra):
    return call("torch._utils:_rebuild_tensor_v3", st, 0, size, stride, False, HOOKS,
                g("torch:" + dtype), *extra)


def checkpoint(top, storages=None, protocol=4, order=b"little", extra=(), method=0, **kw):
    pickle = top if isinstance(top, bytes) and not isinstance(top, Op) else proto(protocol, push(top))
    members = [Member("m/data.pkl", pickle, method), Member("m/byteorder", order)]
    for key, body in ({"0": b"\0\1\2\3" * 4} if storages is None else storages).items():
        members.append(Member("m/data/" + key, body, method))
    return zip_bytes(members + [Member("m/version", b"3\n")] + list(extra), **kw)


MAGIC = b"\x80\x02\x8a\x0a\x6c\xfc\x9c\x46\xf9\x20\x6a\xa8\x50\x19."


def legacy(top, storages=(("0", 4, b"\0\1\2\3" * 4),), keys=None, protocol=1001, little=True):
    keys = [k for k, _, _ in storages] if keys is None else keys
    out = MAGIC + proto(2, push(protocol)) + proto(2, push({"little_endian": little}))
    out += proto(2, push(top)) + proto(2, push(keys))
    return out + b"".join(struct.pack("<q", n) + body for _, n, body in storages)


def legacy_storage(key="0", count=4, kind="Float", view=None):
    return Op(tup("storage", g("torch:%sStorage" % kind), key, "cpu", count, view) + b"Q")


def accepted(data, want, *options):
    """want: name -> (dtype, shape, bytes)"""
    done, tensors, meta = convert(data, *options)
    assert tensors is not None, done.stderr
    equal(tensors, want)
    return meta


F = b"\0\1\2\3" * 4


@test
def the_plain_one():
    accepted(checkpoint({"w": tensor()}), {"w": ("F32", [4], F)})
    accepted(legacy({"w": tensor(legacy_storage())}), {"w": ("F32", [4], F)})


@test
def other_spellings():
    """Protocols 0 to 5, and the ways to make a dict, a tuple, a call: all the same thing."""
    old = Op(b"ctorch._utils\n_rebuild_tensor_v2\n((S'storage'\nctorch\nFloatStorage\nV0\n"
             b"S'cpu'\nI4\ntQI0\n(I4\nt(L1L\ntI00\nccollections\nOrderedDict\n(tRtR")
    for top in (Op(b"(dS'w'\n" + old + b"s"), Op(b"(S'w'\n" + old + b"d"),
                Op(b"c__builtin__\ndict\n((lp0\n(S'w'\n" + old + b"tatR")):
        accepted(checkpoint(bytes(top + b".")), {"w": ("F32", [4], F)})
    for top in (setitem(Op(b"}"), "w", tensor()), call("collections:OrderedDict", [("w", tensor())]),
                call("collections:OrderedDict", [["w", tensor()]]),
                new("collections:OrderedDict") + b"(" + push("w") + tensor() + b"u",
                call("collections:defaultdict", g("builtins:list")) + push("w") + tensor() + b"s",
                then("gone", {"w": tensor()}), Op(b"(" + push("gone") + b"1" + push({"w": tensor()}))):
        for p in range(2, 6):
            accepted(checkpoint(Op(top), protocol=p), {"w": ("F32", [4], F)})


@test
def attributes_of_torch_alone_are_dropped():
    plain = build(call("collections:OrderedDict", [("w", tensor())]),
                  {"_metadata": call("collections:OrderedDict")})
    accepted(checkpoint(plain), {"w": ("F32", [4], F)})
    other = build(call("collections:OrderedDict", [("w", tensor())]), {"hidden": tensor()})
    refused(checkpoint(other), "", options=())
    accepted(checkpoint(other), {"w": ("F32", [4], F)}, "--skip")


@test
def names():
    """Dots and numbers are names; two of one name are an error, whatever --skip says."""
    accepted(checkpoint({"a.b": tensor(), 3: tensor(offset=1, size=(1,)), "": tensor(offset=2, size=(1,)),
                         "\u00e9\"\\": tensor(offset=3, size=(1,)), -1: tensor(size=(2,))}),
             {"a.b": ("F32", [4], F), "3": ("F32", [1], F[:4]), "": ("F32", [1], F[:4]),
              "\u00e9\"\\": ("F32", [1], F[:4]), "-1": ("F32", [2], F[:8])})
    for top in ({"a.b": tensor(), "a": {"b": tensor(size=(1,))}}, {1: tensor(), "1": tensor()},
                {"a": [tensor()], "a.0": tensor()},
                Op(b"}(" + push("w") + tensor() + push("w") + tensor() + b"u")):
        refused(checkpoint(top), "would both be called")
    for top in ({"\x01": tensor(), "w": tensor()}, {"a\nb": tensor(), "w": tensor()},
                {"\x7f": tensor(), "w": tensor()}, {"\u0085": tensor(), "w": tensor()},
                {"__metadata__": tensor(), "w": tensor()}, {"\ud800": tensor(), "w": tensor()},
                {1.5: tensor(), "w": tensor()}, {None: tensor(), "w": tensor()}):
        refused(checkpoint(top), "cannot hold 1 of its entries", options=())
        accepted(checkpoint(top), {"w": ("F32", [4], F)}, "--skip")
    refused(checkpoint({"n" * 70000: tensor()}), "more than 65535 bytes", UNDECIDED)
    meta = accepted(checkpoint({"format": tensor(), "a": tensor()}), {"a": ("F32", [4], F)})
    equal(meta, {"format": "pt"}, "a name that the metadata has a meaning for")


@test
def keys_of_metadata_inside():
    """Below the top __metadata__ is a name like any other."""
    accepted(checkpoint({"__metadata__": {"x": tensor()}}), {"__metadata__.x": ("F32", [4], F)})


@test
def it_never_runs():
    """A hostile checkpoint's tensors come out, what it calls is named, and nothing happens."""
    with tempfile.TemporaryDirectory() as folder:
        marker = os.path.join(folder, "marker")
        for bad in (system(), call("builtins:eval", "1+1"), call("torch:load", "x"),
                    build(new("evil:Thing"), {"x": 1}), call(call("builtins:getattr", g("os:path"), "x"), 1)):
            data = checkpoint({"w": tensor(), "x": bad})
            with Folder() as f:
                done = f.convert(f.put(data), env={"PRATIQUE_MARKER": marker})
                equal(done.returncode, STOPPED)
                assert b"left out  x: no tensor: an object of" in done.stdout, done.stdout
                equal(f.convert(f.put(data), "--skip", env={"PRATIQUE_MARKER": marker}).returncode, ADMIT)
                equal(read(f.result())[0], {"w": ("F32", [4], F)})
        assert not os.path.exists(marker)


@test
def hostile_shapes():
    """Beyond the storage by offset, shape or stride; products past 2^64; negative numbers."""
    past = [dict(size=(5,)), dict(offset=1), dict(stride=(2,)), dict(size=(2, 3), stride=(3, 1)),
            dict(size=(2**40, 2**40)), dict(size=(2**63 - 1, 8), stride=(0, 0)),
            dict(size=(2,), stride=(2**62,)), dict(offset=2**62), dict(size=(2**62,), stride=(4,)),
            dict(size=(2**40, 2**40, 0), stride=(1, 1, 1)), dict(size=(1, 1), stride=(1, 1), offset=2**63 - 1)]
    for kw in past:
        kw.setdefault("stride", (1,) * len(kw.get("size", (4,))))
        refused(checkpoint({"w": tensor(**kw)}), "reaches past its storage")
        refused(legacy({"w": tensor(legacy_storage(), **kw)}), "reaches past its storage")
    for kw in (dict(size=(-1,)), dict(stride=(-1,)), dict(offset=-1), dict(size=(2.0,)), dict(size=[4]),
               dict(size=(4, 1)), dict(size=(True,)), dict(size=(2**70,)), dict(size=(1,) * 65, stride=(1,) * 65)):
        refused(checkpoint({"w": tensor(**kw)}), "cannot hold", options=())
        refused(checkpoint({"w": tensor(**kw)}), "no tensor in it")


@test
def harmless_shapes():
    """Strides of single rows and of nothing at all mean nothing; a stride of 0 repeats."""
    accepted(checkpoint({"a": tensor(size=(1, 4), stride=(99, 1)), "e": tensor(size=(0, 9), stride=(7, 7), offset=99),
                         "r": tensor(size=(3, 2), stride=(0, 1)), "s": tensor(size=(), stride=()),
                         "p": tensor(size=(2, 2), stride=(1, 2))}),
             {"a": ("F32", [1, 4], F), "e": ("F32", [0, 9], b""), "r": ("F32", [3, 2], F[:8] * 3),
              "s": ("F32", [], F[:4]), "p": ("F32", [2, 2], F[:4] + F[8:12] + F[4:8] + F[12:])})


@test
def copies_are_bounded():
    """A small storage repeated without end, by one view or by many."""
    refused(checkpoint({"w": tensor(size=(2**31,), stride=(0,))}), "tensor.clone()", UNDECIDED)
    many = {"w%d" % i: tensor(size=(2**22 + i,), stride=(0,)) for i in range(100)}
    refused(checkpoint(many), "tensor.clone()", UNDECIDED)


@test
def hostile_storages():
    for storages, word in (({}, "is missing"), ({"0": F[:-1]}, "15 bytes"), ({"0": F + b"x"}, "17 bytes"),
                           ({"0": b""}, "0 bytes"), ({"1": F}, "is missing")):
        refused(checkpoint({"w": tensor()}, storages), word)
    refused(checkpoint({"w": tensor(storage("0\0x"))}, {"0": F[::-1], "0\0x": F}), "NUL")
    refused(checkpoint({"w": tensor(storage(count=2**62))}), "18446744073709551615")
    refused(checkpoint({"w": tensor(storage(count=-4))}), "no tensor in it")
    refused(checkpoint({"a": tensor(), "b": tensor(storage(kind="Double"))}), "32")
    refused(checkpoint({"w": tensor(storage(kind="Own"))}), "no tensor in it")
    refused(checkpoint({"w": tensor(Op(tup("other", 1) + b"Q"))}), "no tensor in it")
    refused(checkpoint({"w": storage()}), "no tensor in it")
    refused(checkpoint({"w": tensor(storage(location="meta"))}), "no tensor in it")
    accepted(checkpoint({"w": tensor(storage(count=0), size=(0,)), "v": tensor(storage("1"))}, {"1": F}),
             {"w": ("F32", [0], b""), "v": ("F32", [4], F)})
    # two types of one storage, as torch before 1.13 wrote it
    accepted(checkpoint({"a": tensor(), "b": tensor(storage(count=2, kind="Long"), size=(2,))}),
             {"b": ("I64", [2], F), "a": ("F32", [4], F)})


@test
def hostile_members():
    """Two members of one name, by case too; two directories; encryption; cut off anywhere."""
    w = {"w": tensor()}
    refused(checkpoint(w, extra=[Member("m/data/0", F)]), "readers differ")
    refused(checkpoint(w, extra=[Member("m/data.pkl", p4(push({})))]), "readers differ")
    refused(checkpoint(w, extra=[Member("m/DATA/0", F)]), "readers differ")
    refused(checkpoint(w, {"0": F, "1": b""}, extra=[Member("m/x", b"", flags=1)]), "encrypted")
    refused(checkpoint(w, extra=[Member("m/x", b"", method=12)]), "method 12")
    refused(checkpoint(w, extra=[Member("m/x", b"", local={"name": b"m/y"})]), "another one")
    refused(checkpoint(w, extra=[Member("m/x", b"", central={"csize": 2**31, "usize": 2**31})]), "longer")
    refused(checkpoint(w, extra=[Member("m/x", b"abc", central={"usize": 2})]), "two sizes")
    refused(checkpoint(w, count=99), "directory")
    refused(checkpoint(w, order=b"middle"), "byteorder")
    refused(checkpoint(w, extra=[Member("m/constants.pkl", p4(push(())))]), "TorchScript")
    # elsewhere torch does not look
    accepted(checkpoint(w, extra=[Member("n/data/0", b"other"), Member("m/.data/serialization_id", b"1")]),
             {"w": ("F32", [4], F)})


@test
def every_prefix():
    """Cut off at any byte it is an error, never a shorter file; nothing crashes at a flipped one."""
    whole = checkpoint({"w": tensor(), "x": {"y": tensor(size=(2, 2), stride=(1, 2))}})
    old = legacy({"w": tensor(legacy_storage())})
    with Folder() as f:
        for data in (whole, old):
            for n in list(range(1, len(data), 7)) + [len(data) - 1]:
                done = f.convert(f.put(data[:n]), "--skip", "--overwrite")
                assert done.returncode == STOPPED and done.stderr.startswith(b"pratique: convert: "), (n, done)
            for n in range(0, len(data), 5):
                done = f.convert(f.put(data[:n] + bytes([data[n] ^ 0x55]) + data[n + 1:]), "--skip", "--overwrite")
                assert done.returncode in (ADMIT, STOPPED, UNDECIDED), (n, done)
                assert b"signal" not in done.stderr, (n, done)


@test
def hostile_pickles():
    itself = Op(b"}q\x00" + push("a") + b"h\x00s")
    refused(checkpoint(itself), "contains itself")
    refused(checkpoint(Op(b"]q\x00h\x00a")), "contains itself")
    deep = Op(push(1))
    for _ in range(300):
        deep = Op(b"}" + push("a") + deep + b"s")
    refused(checkpoint(deep), "deep", UNDECIDED)
    # each list holds the one before twice: 2^40 entries
    laughs = Op(push([[tensor()]])) + b"q\x00"
    for i in range(40):
        laughs += b"0](h" + bytes([i]) + b"h" + bytes([i]) + b"eq" + bytes([i + 1])
    refused(checkpoint(Op(laughs)), "", UNDECIDED)
    for body, word in ((b"}h\x05s.", "memo"), (b"}r\xff\xff\xff\xff.", "memo"), (b"0.", "more values"),
                       (b"}a.", "more values"), (b"N)R", "cut off"), (b"(.", "left over"),
                       (b"NN.", "left over"), (b"\xff.", "no such opcode"), (b"\x97.", "buffer"),
                       (b"}K\x01K\x02ub.", "mark"), (b"}(K\x01u.", "without its value"),
                       (b"K\x01N\x85N\x86b.", "attributes"), (b"\x80\x06N.", "protocol"),
                       (b"Ix\n.", "a number"), (b"S'\\q'\n.", "escape"), (b"", "cut off"),
                       (b"NNR.", "no tuple"), (b"NN\x93.", "no string")):
        refused(checkpoint(body), word)


@test
def arguments_that_change_later():
    """A tensor's metadata that is filled after the call: torch has read it by then."""
    late = Op(b"}q\x00" + b"0" + tensor(extra=(get(0),)) + b"0h\x00" + push("neg") + b"\x88s0" +
              push({"w": 1}))
    refused(checkpoint(late), "changed after the call")
    refused(checkpoint({"w": build(tensor(), {"data": 1})}), "no tensor in it")
    for extra in ({"conj": True}, {"neg": True, "other": True}, {"neg": 1}, [1]):
        refused(checkpoint({"w": tensor(extra=(extra,))}), "no tensor in it")
    accepted(checkpoint({"w": tensor(extra=({"neg": True, "conj": False},)), "v": tensor(extra=({},))}),
             {"v": ("F32", [4], F), "w": ("F32", [4], b"\0\1\2\x83" * 4)})


@test
def wrapped_tensors():
    param = lambda t: call("torch._utils:_rebuild_parameter", t, True, HOOKS)
    typed = lambda t, cls: call("torch._tensor:_rebuild_from_type_v2", g("torch._utils:_rebuild_tensor_v2"),
                                g(cls), (storage(), 0, (4,), (1,), False, HOOKS), {})
    accepted(checkpoint({"p": param(tensor())}), {"p": ("F32", [4], F)})
    accepted(checkpoint({"p": typed(0, "torch:Tensor")}), {"p": ("F32", [4], F)})
    for bad in (param(param(1)), typed(0, "evil:Tensor"), param(push("x")), call("torch._utils:_rebuild_parameter"),
                call("torch._tensor:_rebuild_from_type_v2", g("os:system"), g("torch:Tensor"), ("x",), {})):
        refused(checkpoint({"w": bad}), "no tensor in it")
    endless = Op(b"N")
    for _ in range(2000):
        endless = call("torch._utils:_rebuild_parameter", endless, True, HOOKS)
    refused(checkpoint({"w": endless}), "no tensor in it")


@test
def dtypes_of_their_own():
    accepted(checkpoint({"a": v3(storage(count=16, kind="Untyped"), "uint32"),
                         "b": v3(storage(count=16, kind="Untyped"), "float4_e2m1fn_x2", (4, 4), (4, 1))}),
             {"a": ("U32", [4], F), "b": ("F4", [4, 8], F)})
    for bad in ("complex128", "bits8", "qint8", "uint32x", "Tensor"):
        refused(checkpoint({"w": v3(storage(count=16, kind="Untyped"), bad)}), "no tensor in it")
    refused(checkpoint({"w": v3(storage(count=16, kind="Untyped"), "float4_e2m1fn_x2", (), ())}), "no tensor in it")
    refused(checkpoint({"w": v3(storage(count=4, kind="Untyped"), "uint32")}, {"0": F[:4]}), "past its storage")


@test
def byte_orders():
    swapped = b"\3\2\1\0" * 4
    accepted(checkpoint({"w": tensor()}, {"0": swapped}, order=b"big"), {"w": ("F32", [4], F)})
    accepted(checkpoint({"w": tensor(storage(count=2, kind="ComplexFloat"), size=(2,))}, {"0": swapped},
                        order=b"big"), {"w": ("C64", [2], F)})
    accepted(checkpoint({"w": tensor(storage(count=16, kind="Byte"), size=(16,))}, {"0": F}, order=b"big"),
             {"w": ("U8", [16], F)})
    accepted(checkpoint({"w": tensor(size=(2, 2), stride=(1, 2))}, {"0": swapped}, order=b"big"),
             {"w": ("F32", [2, 2], F)})
    # the legacy form is little-endian on every machine
    accepted(legacy({"w": tensor(legacy_storage())}, little=False), {"w": ("F32", [4], F)})


@test
def legacy_views_and_lies():
    view = legacy_storage(count=4, view=("v", 1, 2))
    accepted(legacy({"w": tensor(view, size=(2,)), "all": tensor(legacy_storage())}),
             {"w": ("F32", [2], F[4:12]), "all": ("F32", [4], F)})
    refused(legacy({"w": tensor(view, size=(3,))}), "past its storage")
    refused(legacy({"w": tensor(legacy_storage(view=("v", 3, 2)), size=(2,))}), "16 bytes")
    refused(legacy({"w": tensor(legacy_storage(view=("v", 2**62, 2)), size=(2,))}), "16 bytes")
    refused(legacy({"w": tensor(legacy_storage())}, (("0", 3, F[:12]),)), "another length")
    refused(legacy({"w": tensor(legacy_storage())}, (("0", 4, F[:12]),)), "longer than the file")
    refused(legacy({"w": tensor(legacy_storage())}, (("1", 4, F),)), "does not name")
    refused(legacy({"w": tensor(legacy_storage())}, keys=["0", "0"]), "does not name")
    refused(legacy({"w": tensor(legacy_storage())}, keys=[]), "missing")
    refused(legacy({"w": tensor(legacy_storage())}, keys=[0]), "no string")
    refused(legacy({"w": tensor(legacy_storage())}, protocol=1000), "1001")


@test
def what_it_is_instead():
    st = struct.pack("<Q", 64) + b'{"w":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}'.ljust(64) + b"\0"
    for data, word in ((st, "safetensors already"), (proto(2, push({"a": 1})), "a pickle, but not of torch.save"),
                       (b"GGUF\x03\0\0\0" + b"\0" * 16, "no torch checkpoint"), (b"hello\n", "no torch checkpoint"),
                       (zip_bytes([Member("a/b", b"c")]), "without data.pkl"), (b"", "empty"),
                       (b"PK\x03\x04" + b"\0" * 60, "without its directory")):
        refused(data, word)


@test
def large_pieces():
    """What is copied from file to file, what crosses pieces, and what is read crosswise."""
    n, m = 700, 300
    body = bytes((i * 7 + i // 251) % 256 for i in range(n * m * 4))
    rows = [body[i * m * 4:(i + 1) * m * 4] for i in range(n)]
    across = b"".join(rows[i][4 * k:4 * k + 4] for k in range(m) for i in range(n))
    part = b"".join(r[4:-8] for r in rows)
    st = lambda: storage("0", n * m)
    top = {"dense": tensor(st(), size=(n, m), stride=(m, 1)), "across": tensor(st(), size=(m, n), stride=(1, m)),
           "part": tensor(st(), 1, (n, m - 3), (m, 1)), "row": tensor(st(), m * 5, (m,), (1,)),
           "cube": tensor(st(), 0, (m, n // 2, 2), (1, 2 * m, m)), "last": tensor(st(), n * m - 1, (1,), (1,))}
    want = {"dense": ("F32", [n, m], body), "across": ("F32", [m, n], across), "part": ("F32", [n, m - 3], part),
            "row": ("F32", [m], rows[5]), "cube": ("F32", [m, n // 2, 2], across), "last": ("F32", [1], body[-4:])}
    accepted(checkpoint(top, {"0": body}), want)
    accepted(checkpoint(top, {"0": body}, method=8), want)
    swapped = b"".join(body[i:i + 4][::-1] for i in range(0, len(body), 4))
    accepted(checkpoint(top, {"0": swapped}, order=b"big"), want)


@test
def large_deflated():
    """Past the size that is inflated in whole: a stream, in order and backwards."""
    body = (b"%08d" * 64 % tuple(range(64))) * (40 * 2**20 // 512)
    half = len(body) // 8
    st = lambda: storage("0", len(body) // 4)
    top = {"all": tensor(st(), 0, (len(body) // 4,)), "b": tensor(st(), half, (half,)), "c": tensor(st(), 3, (9,))}
    want = {"all": ("F32", [len(body) // 4], body), "b": ("F32", [half], body[half * 4:half * 8]),
            "c": ("F32", [9], body[12:48])}
    accepted(checkpoint(top, {"0": body}, method=8), want)
    bad = checkpoint(top, {"0": body}, method=8)
    at = bad.index(b"m/data/0") + 40000
    refused(bad[:at] + bytes(8) + bad[at + 8:], "damaged")


@test
def many_tensors():
    """Linear: 100,000 names, one storage."""
    top = Op(b"}(" + b"".join(push("layer.%06d" % i) + (tensor(size=(1,), offset=i % 4) if i > 3 else
                              tensor(size=(1 + i % 2,), offset=i // 2)) for i in range(100000)) + b"u")
    before = resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime
    done, tensors, meta = convert(checkpoint(top))
    assert tensors, done.stderr
    equal(len(tensors) + len(meta) - 1, 100000)
    assert resource.getrusage(resource.RUSAGE_CHILDREN).ru_utime - before < 10


@test
def the_header_has_a_bound():
    """safetensors reads no header past 100,000,000 bytes: say so before anything is written."""
    long = "n" * 60000
    top = Op(b"}(" + b"".join(push(long + str(i)) + tensor(size=(1,), offset=i % 4, stride=(i,))
                              for i in range(1700)) + b"u")
    refused(checkpoint(top), "100,000,000", UNDECIDED)


# ---- files and folders ----

@test
def the_output():
    data = checkpoint({"w": tensor()})
    with Folder() as f:
        source = f.put(data)
        f.put(b"mine", "out.safetensors")
        done = f.convert(source)
        equal((done.returncode, f.result()), (USAGE, b"mine"))
        assert b"--overwrite" in done.stderr
        equal(f.convert(source, "--overwrite").returncode, ADMIT)
        read(f.result())
        (f.path / "out.safetensors").unlink()
        (f.path / "out.safetensors").symlink_to("elsewhere")
        equal(f.convert(source).returncode, USAGE, "a link that leads nowhere is there, too")
        equal(f.convert(source, "--overwrite").returncode, ADMIT)
        equal(f.names(), ["in.pt", "out.safetensors"], "a link is replaced, not followed")
        assert not (f.path / "out.safetensors").is_symlink()
        umask = os.umask(0)
        os.umask(umask)
        equal((f.path / "out.safetensors").stat().st_mode & 0o777, 0o666 & ~umask)
        equal(run("convert", "--overwrite", source, str(f.path)).returncode, USAGE, "a folder")
        equal(run("convert", source, str(f.path / "no/where")).returncode, UNDECIDED, "no such folder")
        equal(run("convert", "--overwrite", source, source).returncode, ADMIT, "onto itself")
        read(pathlib.Path(source).read_bytes())


@test
def the_input():
    with Folder() as f:
        os.mkfifo(f.path / "fifo")
        equal(f.convert(f.path / "fifo").returncode, STOPPED, "a FIFO")
        equal(f.convert(f.path).returncode, STOPPED, "a folder")
        equal(f.convert("/dev/null").returncode, STOPPED, "a device")
        equal(f.convert(f.path / "none").returncode, UNDECIDED, "none")
        for words in ((), ("a",), ("a", "b", "c"), ("--no", "a", "b")):
            equal(run("convert", *words).returncode, USAGE, words)


@test
def read_only_and_full():
    if os.geteuid() != 0:
        raise Skip("it takes a mount")
    with Folder() as f:
        source = f.put(checkpoint({"w": tensor(storage("0", 2**20), size=(2**20,))}, {"0": bytes(2**22)}))
        small = f.path / "small"
        small.mkdir()
        if subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "none", str(small)],
                          capture_output=True).returncode:
            raise Skip("it cannot be mounted here")
        try:
            done = run("convert", source, str(small / "out"))
            assert done.returncode == UNDECIDED and b"too full" in done.stderr, done
            equal(os.listdir(small), [], "a full disk")
            subprocess.run(["mount", "-o", "remount,ro", str(small)], check=True)
            done = run("convert", source, str(small / "out"))
            assert done.returncode == UNDECIDED and b"Read-only" in done.stderr, done
        finally:
            subprocess.run(["umount", str(small)], check=True)


@test
def a_name_does_not_steer_the_terminal():
    data = checkpoint({"\x1b[2J": tensor(), "\u202e": 1, "w": tensor(), "x": glob("a\x1b]0;", "b")})
    done, *_ = convert(data, "--skip", "--verbose")
    assert b"\x1b" not in done.stdout and b"\xe2" not in done.stdout, done.stdout


if __name__ == "__main__":
    main()
