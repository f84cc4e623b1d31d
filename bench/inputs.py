"""The files that bench/run and bench/source measure on, made with the standard library alone.

Sizes are those of real checkpoints; tensor bodies are zeros (nobody should read
them), pickles are what torch and pickle write.
"""
import io
import os
import pickle
import struct
import sys
import zipfile
import zlib

MB = 1 << 20


class Storage:
    """Pickles as torch's persistent id for one storage."""

    def __init__(self, key, numel, *view):
        self.pid = ("storage", Global("torch", "FloatStorage"), key, "cpu", numel, *view)


class Global:
    def __init__(self, module, name):
        self.module, self.name = module, name


class Call:
    def __init__(self, function, *args):
        self.function, self.args = function, args


class TorchPickler(pickle._Pickler):
    """Python's own pickler, taught the few shapes that torch writes."""

    def persistent_id(self, obj):
        return obj.pid if isinstance(obj, Storage) else None

    def save(self, obj, save_persistent_id=True):
        if isinstance(obj, Global):
            self.write(b"c" + obj.module.encode() + b"\n" + obj.name.encode() + b"\n")
        elif isinstance(obj, Call):
            self.save(obj.function)
            self.save(obj.args)
            self.write(b"R")
        else:
            super().save(obj, save_persistent_id)


def state_dict_pickle(tensors, numel, *view):
    ordered = Call(Global("collections", "OrderedDict"))
    out = io.BytesIO()
    state = {}
    for i in range(tensors):
        state[f"layers.{i}.weight"] = Call(Global("torch._utils", "_rebuild_tensor_v2"),
                                           Storage(str(i), numel, *view), 0, (numel,), (1,), False, ordered)
    TorchPickler(out, 2).dump(state)
    return out.getvalue()


def zeros_crc(n):
    crc, block = 0, bytes(MB)
    for _ in range(n // MB):
        crc = zlib.crc32(block, crc)
    return crc


def torch_zip(path, tensors=64, mb_each=16):
    """A zip as torch.save writes it; the bodies are holes in the file."""
    size = mb_each * MB
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as z:
        z.writestr("archive/data.pkl", state_dict_pickle(tensors, size // 4))
        z.writestr("archive/byteorder", "little")
        z.writestr("archive/version", "3\n")
        for i in range(tensors):
            info = zipfile.ZipInfo(f"archive/data/{i}")
            with z.open(info, "w") as member:
                for _ in range(mb_each):
                    member.write(bytes(MB))


def torch_legacy(path, tensors=30, mb_each=10):
    """The format before 1.6: magic, protocol, system, object, keys, storages."""
    numel = mb_each * MB // 4
    with open(path, "wb") as f:
        pickle.dump(0x1950A86A20F9469CFC6C, f, 2)
        pickle.dump(1001, f, 2)
        pickle.dump({"protocol_version": 1001, "little_endian": True,
                     "type_sizes": {"short": 2, "int": 4, "long": 4}}, f, 2)
        body = state_dict_pickle(tensors, numel, None)
        f.write(body)
        pickle.dump([str(i) for i in range(tensors)], f, 2)
        for _ in range(tensors):
            f.write(struct.pack("<q", numel))
            for _ in range(mb_each):
                f.write(bytes(MB))


def small_objects(path, mb):
    """Records of numbers, text, lists and tuples: about 110 bytes each."""
    rows = int(mb * MB / 70)
    with open(path, "wb") as f:
        pickle.dump([{"id": i, "name": f"user{i}", "tags": [i, i + 1], "at": (i, 1.5, None),
                      "score": i * 0.5} for i in range(rows)], f, 4)


FUNCTION = '''

def step_{i}(values, path="data/{i}.json", *, scale={i}.5, names=("a", "b")):
    """Scales the values of step {i}, and says how many there were.

    os.system("rm") stands in a docstring only.
    """
    total = 0
    for n, value in enumerate(values):  # every value, in its order
        if value is None or not isinstance(value, (int, float)):
            continue
        try:
            total += value * scale ** (n % {m}) - len(f"{{n}}: {{value!r:>{{scale}}}}")
        except (ValueError, OverflowError) as error:
            raise RuntimeError("step {i} failed at %d" % n) from error
    table = {{name: [total + k for k in range({m}) if k % 2] for name in names}}
    return Result_{i}(total, table, key=lambda row: row[0].lower().strip("_{i}"))


class Result_{i}(Base):
    kind: str = "result-{i}"

    def __init__(self, total, table, key=None):
        super().__init__(total)
        self.table, self.key = dict(sorted(table.items(), key=key)), key

    @property
    def model(self):
        return self.registry["step_{i}"].eval().open(mode="r")[{i}:-1]
'''


def python_source(path, mb):
    """Functions and classes as people write them; one in a hundred starts a process."""
    with open(path, "w") as f:
        f.write("import json\nimport subprocess as sp\nfrom base import Base\n")
        i = 0
        while f.tell() < mb * 1000000:
            f.write(FUNCTION.format(i=i, m=i % 7 + 2))
            if i % 100 == 0:
                f.write(f'\n\ndef run_{i}():\n    return sp.run(["tool", "{i}"], check=True)\n')
            i += 1


def many_pickles(folder, n=2000):
    os.makedirs(folder, exist_ok=True)
    for i in range(n):
        with open(os.path.join(folder, f"{i:04}.pkl"), "wb") as f:
            pickle.dump({"id": i, "values": list(range(20)), "name": f"file {i}"}, f, 4)


def zip_members(path, mb=256):
    """Text that deflates about 4:1, in members of 1 MB, for inflation and CRC."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for i in range(mb):
            lines = (f"{i} {j} {j * j % 9973} some words of a line\n" for j in range(1 << 15))
            z.writestr(f"part{i}.txt", "".join(lines)[:MB])


def make_all(folder):
    """Makes what is not there yet; returns {name: path}."""
    made = {}

    def item(name, maker, *args):
        path = os.path.join(folder, name)
        if not os.path.exists(path):
            maker(path, *args)
        made[name] = path

    os.makedirs(folder, exist_ok=True)
    item("torch-1gb.pt", torch_zip)
    item("legacy-300mb.pt", torch_legacy)
    item("small-objects-20mb.pkl", small_objects, 20)
    item("small-objects-200mb.pkl", small_objects, 200)
    item("2000-pickles", many_pickles)
    item("members.zip", zip_members)
    item("torch-2gb.pt", torch_zip, 128)
    one = os.path.join(made["2000-pickles"], "0000.pkl")
    made["one-small.pkl"] = one
    return made


if __name__ == "__main__":  # FOLDER, or FILE MB: a process of its own, so that ours stays small
    if len(sys.argv) == 2:
        make_all(sys.argv[1])
    else:
        make = python_source if sys.argv[1].endswith(".py") else small_objects
        make(sys.argv[1], float(sys.argv[2]))
