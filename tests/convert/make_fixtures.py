#!/usr/bin/env python3
"""Makes tests/convert/fixtures: checkpoints that the real torch wrote, and what is in them.

    make_fixtures.py            needs torch and safetensors (expect.json names the versions)

expect.json has for each file the tensors that must come out (name: dtype of safetensors, shape,
SHA-256 of the bytes, little-endian and dense), the names that share their bytes with another, and
the names that must be left out. What torch loads is what counts, not what was saved.
"""
import collections
import hashlib
import io
import json
import os
import struct
import sys
import warnings
import zipfile

import safetensors
import torch
from safetensors.torch import _remove_duplicate_names, save

HERE = os.path.dirname(os.path.abspath(__file__))
OUT = os.path.join(HERE, "fixtures")
DTYPES = {"float64": "F64", "float32": "F32", "float16": "F16", "bfloat16": "BF16", "int64": "I64",
          "int32": "I32", "int16": "I16", "int8": "I8", "uint8": "U8", "uint16": "U16",
          "uint32": "U32", "uint64": "U64", "bool": "BOOL", "complex64": "C64",
          "float8_e4m3fn": "F8_E4M3", "float8_e4m3fnuz": "F8_E4M3FNUZ", "float8_e5m2": "F8_E5M2",
          "float8_e5m2fnuz": "F8_E5M2FNUZ", "float8_e8m0fnu": "F8_E8M0", "float4_e2m1fn_x2": "F4"}
EXPECT = {}

warnings.simplefilter("ignore")
torch.manual_seed(6)


def dtype_of(t):
    return DTYPES.get(str(t.dtype).split(".")[1])


def dense(t):
    """The bytes that must be written; None where safetensors has no such tensor."""
    if t.layout != torch.strided or t.is_quantized or t.is_nested or t.device.type == "meta":
        return None
    if type(t) not in (torch.Tensor, torch.nn.Parameter, torch.nn.Buffer) or not dtype_of(t):
        return None
    t = t.detach().resolve_conj().resolve_neg()
    t = torch.empty(t.shape, dtype=t.dtype).copy_(t)  # contiguous() keeps the strides of single rows
    return t.reshape(-1).view(torch.uint8).numpy().tobytes() if t.numel() else b""


def flat(o, path=""):
    """(name, value) of everything that is no container."""
    join = lambda k: "%s.%s" % (path, k) if path else str(k)
    if isinstance(o, torch.nn.Module):
        for name, m in o.named_modules():
            yield join(name) if name else path, m
        yield from flat(dict(o.state_dict()), path)
    elif isinstance(o, dict):
        for k, v in o.items():
            if isinstance(k, (str, int)) and not isinstance(k, bool):
                yield from flat(v, join(k))
            else:
                yield join("?"), None
    elif isinstance(o, (list, tuple)) and type(o) in (list, tuple) and (
            not o or any(isinstance(x, (torch.Tensor, dict, list, tuple)) for x in o)):
        for i, v in enumerate(o):
            yield from flat(v, join(i))
    else:
        yield path, o


def same_view(a, b):
    return (a.dtype, a.shape, a.stride(), a.data_ptr()) == (b.dtype, b.shape, b.stride(), b.data_ptr())


def shared_of(tensors):
    """name -> the name that is kept. Where the library chooses (it knows dense tensors that cover
    their storage) its choice is compared; ours keeps views that differ from what they view."""
    out, names = {}, sorted(k for k, t in tensors.items() if t.numel())
    for i, n in enumerate(names):
        first = next((k for k in names[:i] if same_view(tensors[k], tensors[n])), None)
        if first:
            out[n] = first
    whole = {k: t for k, t in tensors.items() if t.is_contiguous()
             and t.untyped_storage().nbytes() == t.numel() * t.element_size()}
    for keep, dropped in _remove_duplicate_names(whole).items():
        for n in dropped:
            assert out.get(n) == keep or not same_view(tensors[n], tensors[keep]), (n, keep, out)
    return out


def expect(name, loaded, shared=None):
    tensors, left = {}, []
    for path, v in flat(loaded):
        if isinstance(v, torch.Tensor) and dense(v) is not None:
            tensors[path or "tensor"] = v
        else:
            left.append(path)
    shared = shared_of(tensors) if shared is None else shared
    rows = {}
    for path, t in tensors.items():
        if path in shared:
            continue
        shape = list(t.shape)
        if dtype_of(t) == "F4":
            shape[-1] *= 2
        rows[path] = [dtype_of(t), shape, hashlib.sha256(dense(t)).hexdigest()]
    EXPECT[name] = {"tensors": rows, "shared": shared, "left_out": sorted(left)}
    try:  # the file that the library makes of the same tensors
        ours = {k: tensors[k].detach().resolve_conj().resolve_neg().contiguous().clone() for k in rows}
        if not shared:
            EXPECT[name]["file"] = hashlib.sha256(save(ours, {"format": "pt"})).hexdigest()
    except KeyError:
        pass


def keep(name, data, shared=None):
    with open(os.path.join(OUT, name), "wb") as f:
        f.write(data)
    expect(name, torch.load(io.BytesIO(data), weights_only=False), shared)


def saved(obj, **kw):
    b = io.BytesIO()
    torch.save(obj, b, **kw)
    return b.getvalue()


def both(name, obj, **kw):
    keep(name + ".pt", saved(obj), **kw)
    keep(name + "-legacy.pt", saved(obj, _use_new_zipfile_serialization=False), **kw)


def rezip(data, change=lambda name, body: body, method=zipfile.ZIP_STORED):
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", method) as new:
        for i in old.infolist():
            new.writestr(zipfile.ZipInfo(i.filename), change(i.filename, old.read(i)), method)
    return out.getvalue()


def big_endian(data, widths):
    """The same file from a machine of the other byte order."""
    def change(name, body):
        last = name.split("/")[-1]
        if last == "byteorder":
            return b"big"
        if "/data/" in name:
            w = widths[last]
            return b"".join(body[i:i + w][::-1] for i in range(0, len(body), w))
        return body
    return rezip(data, change)


def net():
    return torch.nn.Sequential(torch.nn.Linear(5, 4), torch.nn.BatchNorm1d(4),
                               torch.nn.Sequential(torch.nn.Linear(4, 3, bias=False)))


class Subclass(torch.Tensor):
    pass


def plain():
    both("state-dict", net().state_dict())
    both("tensor", torch.arange(6.0).reshape(2, 3))
    both("nested", {"a": {"b": [torch.ones(2), {"c": torch.zeros(3, 1)}], "d": (torch.arange(3),)},
                    7: torch.tensor(1.5), "list": [[torch.tensor(1)], []], "empty": {}})
    both("list", [torch.ones(2), torch.zeros(1)])
    for p in (3, 4, 5):
        keep("protocol-%d.pt" % p, saved({"w": torch.arange(4.0), "n": {"x": torch.ones(2)}},
                                         pickle_protocol=p))
    keep("defaultdict.pt", saved(collections.defaultdict(dict, a=torch.ones(1))))
    both("parameters", {"p": torch.nn.Parameter(torch.randn(2, 2)),
                        "b": torch.nn.Buffer(torch.arange(3.0))})
    attributed = torch.nn.Parameter(torch.ones(2))
    attributed.note = "an attribute"
    tensor = torch.ones(3)
    tensor.note = "another"
    keep("attributes.pt", saved({"p": attributed, "t": tensor}))
    keep("no-crc.pt", no_crc())


def no_crc():
    torch.serialization.set_crc32_options(False)
    try:
        return saved({"w": torch.arange(9.0)})
    finally:
        torch.serialization.set_crc32_options(True)


def kinds():
    d = {}
    for name in DTYPES:
        t = getattr(torch, name)
        raw = torch.arange(1, 25, dtype=torch.uint8)
        if name == "bool":
            d[name] = raw.reshape(4, 6) % 3 == 0
        elif name == "complex64":
            d[name] = torch.randn(3, 2, dtype=t)
        else:
            size = torch.empty(0, dtype=t).element_size()
            d[name] = torch.cat([raw] * size).view(t).reshape(4, 6)
    keep("dtypes.pt", saved(d))
    typed = {k: t for k, t in d.items() if t.dtype not in torch.storage._new_dtypes()}
    keep("dtypes-legacy.pt", saved(typed, _use_new_zipfile_serialization=False))  # torch reads no others
    both("shapes", {"scalar": torch.tensor(3.5), "empty": torch.zeros(0, 4), "ones": torch.ones(1, 1, 1),
                    "deep": torch.ones([1] * 20), "long": torch.tensor(-2**63), "none": torch.zeros(0)})
    big = {"f32": torch.randn(3, 4), "i64": torch.arange(5), "c64": torch.randn(3, dtype=torch.complex64),
           "bf16": torch.randn(4).to(torch.bfloat16), "u8": torch.arange(7, dtype=torch.uint8),
           "t": torch.randn(3, 5).t(), "f64": torch.randn(2).double()}
    keep("big-endian.pt", big_endian(saved(big), {"0": 4, "1": 8, "2": 4, "3": 2, "4": 1, "5": 4,
                                                  "6": 8}))
    keep("deflated.pt", rezip(saved(net().state_dict()), method=zipfile.ZIP_DEFLATED))
    keep("deflated-views.pt", rezip(saved({"w": (w := torch.randn(20, 30)), "t": w.t(), "s": w[3:7, ::4]}),
                                    method=zipfile.ZIP_DEFLATED))


def views():
    w = torch.randn(6, 8)
    both("tied", {"z.weight": w, "a.weight": w, "m": torch.nn.Parameter(w), "other": torch.ones(2)})
    both("views", {"whole": w, "head": w[:2], "tail": w[4:], "t": w.t(), "step": w[::2, 1::3],
                   "column": w[:, 3], "same": w.view(6, 8), "reshaped": w.view(48),
                   "diagonal": torch.diagonal(w)})
    flat_ = torch.arange(20.0)
    both("flat", {"a": flat_[:5], "b": flat_[5:12].clone(), "c": flat_[12:], "d": flat_[12:]})
    both("strides", {"expanded": torch.arange(3.0).expand(4, 3), "permuted":
                     torch.randn(2, 3, 4, 5).permute(3, 1, 0, 2), "nhwc":
                     torch.randn(2, 3, 4, 4).to(memory_format=torch.channels_last),
                     "i8": torch.arange(24, dtype=torch.int8).reshape(2, 3, 4).transpose(0, 2),
                     "i16": torch.arange(24, dtype=torch.int16).reshape(4, 6).t(),
                     "i64": torch.arange(24).reshape(4, 6).t(), "inner": torch.randn(4, 6)[:, 1:4],
                     "overlapping": torch.arange(6.0).as_strided((3, 3), (1, 1))})
    c = torch.randn(3, 4, dtype=torch.complex64)
    keep("conjugate.pt", saved({"conj": c.conj(), "h": torch.randn(2, 3, dtype=torch.complex64).mH,
                                "neg": torch.randn(5, dtype=torch.complex64).conj().imag}))


def others():
    both("checkpoint", {"epoch": 3, "loss": 0.25, "name": "run", "done": True, "nothing": None,
                        "history": [0.5, 0.25], "model": net().state_dict(), "raw": b"bytes",
                        "optimizer": {"state": {0: {"step": torch.tensor(3.0), "exp": torch.ones(2)}},
                                      "param_groups": [{"lr": 0.1, "betas": (0.9, 0.99), "params": [0]}]}})
    q = torch.quantize_per_tensor(torch.randn(3), 0.1, 0, torch.quint8)
    both("no-dense", {"sparse": torch.eye(3).to_sparse(), "csr": torch.eye(3).to_sparse_csr(),
                      "quantized": q, "c128": torch.zeros(2, dtype=torch.complex128),
                      "fine": torch.ones(2)})
    keep("nested-tensor.pt", saved({"n": torch.nested.nested_tensor([torch.ones(2), torch.ones(3)]),
                                    "meta": torch.empty(3, device="meta"), "fine": torch.ones(1)}))
    keep("subclass.pt", saved({"s": torch.ones(2).as_subclass(Subclass), "fine": torch.ones(1)}))
    keep("keys.pt", saved({1.5: torch.ones(1), None: torch.ones(1), (1, 2): torch.ones(1), True: torch.ones(1),
                           b"b": torch.ones(1), "fine": torch.ones(1)}))
    both("module", net())


def main():
    os.makedirs(OUT, exist_ok=True)
    for f in os.listdir(OUT):
        os.unlink(os.path.join(OUT, f))
    plain()
    kinds()
    views()
    others()
    text = json.dumps({"torch": torch.__version__.split("+")[0], "safetensors": safetensors.__version__,
                       "files": EXPECT}, indent=0, sort_keys=True)
    with open(os.path.join(OUT, "expect.json"), "w") as f:
        f.write(text + "\n")


if __name__ == "__main__":
    sys.exit(main())
