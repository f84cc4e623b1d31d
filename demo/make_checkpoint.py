#!/usr/bin/env python3
"""Writes a torch checkpoint: by torch itself where it can be imported, else in its exact format.

Usage: make_checkpoint.py OUT.pt [--hostile]

--hostile plants a call in it, as an attacker would. It prints a word and does nothing else.
"""

import collections
import io
import os
import pickle
import struct
import sys
import types
import zlib

WORD = "echo pratique-fixture"


class Planted:
    """Unpickling it runs a command: that is all an attacker needs."""

    def __reduce__(self):
        return os.system, (WORD,)


# ---- torch's zip (caffe2/serialize/inline_container.cc): stored, each body at a multiple of 64
# behind an extra field "FB" of Zs, sizes in data descriptors, always a zip64 end.

ALIGNMENT = 64


def torch_zip(top, members):
    out, directory = bytearray(), bytearray()
    for name, body in members:
        name, crc, at = f"{top}/{name}".encode(), zlib.crc32(body), len(out)
        pad = -(at + 30 + len(name) + 4) % ALIGNMENT
        extra = struct.pack("<2sH", b"FB", pad) + b"Z" * pad
        out += struct.pack("<4sHHHHHIIIHH", b"PK\3\4", 0, 0x808, 0, 0, 0, 0, 0, 0, len(name), len(extra))
        out += name + extra + body
        out += struct.pack("<4sIII", b"PK\7\10", crc, len(body), len(body))
        directory += struct.pack("<4sHHHHHHIIIHHHHHII", b"PK\1\2", 0, 0, 0x808, 0, 0, 0, crc, len(body),
                                 len(body), len(name), 0, 0, 0, 0, 0, at) + name
    n, start, size = len(members), len(out), len(directory)
    end64 = struct.pack("<4sQHHIIQQQQ", b"PK\6\6", 44, 0x31E, 45, 0, 0, n, n, size, start)
    locator = struct.pack("<4sIQI", b"PK\6\7", 0, start + size, 1)
    return bytes(out + directory + end64 + locator
                 + struct.pack("<4sHHHHIIH", b"PK\5\6", 0, 0, n, n, size, start, 0))


# ---- what stands in for torch's classes: only their names go into the pickle

class Storage:
    def __init__(self, key, numbers):
        self.key, self.numbers = key, numbers


class Tensor:
    def __init__(self, key, numbers, size, stride):
        self.storage, self.size, self.stride = Storage(key, numbers), size, stride

    def __reduce__(self):
        rebuild = sys.modules["torch._utils"]._rebuild_tensor_v2
        return rebuild, (self.storage, 0, self.size, self.stride, False, collections.OrderedDict())


class Pickler(pickle.Pickler):
    def persistent_id(self, obj):
        if isinstance(obj, Storage):
            return "storage", sys.modules["torch"].FloatStorage, obj.key, "cpu", len(obj.numbers)
        return None


def name_torch():
    """Modules that hold nothing but the two names that the pickle writes down."""
    torch, utils = types.ModuleType("torch"), types.ModuleType("torch._utils")
    torch.FloatStorage = type("FloatStorage", (), {"__module__": "torch"})
    utils._rebuild_tensor_v2 = type("_rebuild_tensor_v2", (), {"__module__": "torch._utils"})
    torch._utils = utils
    sys.modules.update({"torch": torch, "torch._utils": utils})


def without_torch(hostile):
    name_torch()
    tensors = collections.OrderedDict([
        ("fc.weight", Tensor("0", [0.25 * i for i in range(6)], (2, 3), (3, 1))),
        ("fc.bias", Tensor("1", [0.0, 1.0], (2,), (1,))),
    ])
    storages = [tensors[name].storage for name in tensors]
    if hostile:
        tensors["fc.scale"] = Planted()
    text = io.BytesIO()
    Pickler(text, protocol=2).dump(tensors)
    bodies = [(f"data/{s.key}", struct.pack(f"<{len(s.numbers)}f", *s.numbers)) for s in storages]
    return torch_zip("archive", [
        ("data.pkl", text.getvalue()), (".format_version", b"1"), (".storage_alignment", b"64"),
        ("byteorder", b"little"), *bodies, ("version", b"3\n"),
        (".data/serialization_id", b"0561108523619670529418014346022468954866")])


def with_torch(torch, hostile):
    tensors = collections.OrderedDict([("fc.weight", torch.arange(6.0).reshape(2, 3)),
                                       ("fc.bias", torch.zeros(2))])
    if hostile:
        tensors["fc.scale"] = Planted()
    out = io.BytesIO()
    torch.save(tensors, out)
    return out.getvalue()


def main():
    hostile = "--hostile" in sys.argv[2:]
    try:
        import torch
    except ImportError:
        content = without_torch(hostile)
    else:
        content = with_torch(torch, hostile)
    with open(sys.argv[1], "wb") as f:
        f.write(content)


if __name__ == "__main__":
    main()
