#!/usr/bin/env python3
"""HDF5 files, hostile and benign, put together here byte by byte (File Format Specification 3.0).

bad() and good() yield (name, bytes or {path: bytes}, rule ids, why). tests/models/run.py puts them
through the gate. Nothing here does harm: what a pickle would run is `true`.
"""
import base64
import glob
import io
import json
import marshal
import os
import pickle
import random
import struct
import zipfile
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
FIXTURES = os.path.join(HERE, "..", "fixtures", "hdf5")
SIGNATURE = b"\x89HDF\r\n\x1a\n"
NOWHERE = 2**64 - 1
MASK = 2**32 - 1


def lookup3(data):
    """hashlittle() of Bob Jenkins' lookup3.c, started with 0."""
    def rot(x, k):
        return (x << k | x >> (32 - k)) & MASK

    a = b = c = (0xdeadbeef + len(data)) & MASK
    at = 0
    while len(data) - at > 12:
        x, y, z = struct.unpack_from("<III", data, at)
        a, b, c = (a + x) & MASK, (b + y) & MASK, (c + z) & MASK
        v = [a, b, c]
        for i, k in enumerate((4, 6, 8, 16, 19, 4)):
            p, q, r = i % 3, (i + 1) % 3, (i + 2) % 3
            v[p] = ((v[p] - v[r]) & MASK) ^ rot(v[r], k)
            v[r] = (v[r] + v[q]) & MASK
        a, b, c = v
        at += 12
    tail = data[at:]
    if not tail:
        return c
    x, y, z = struct.unpack("<III", tail.ljust(12, b"\0"))
    v = [(a + x) & MASK, (b + y) & MASK, (c + z) & MASK]
    for i, k in enumerate((14, 11, 25, 16, 4, 14, 24)):
        to, source = (i + 2) % 3, (i + 1) % 3
        v[to] = ((v[to] ^ v[source]) - rot(v[source], k)) & MASK
    return v[2]


def sealed(data):
    return data + struct.pack("<I", lookup3(data))


# ---- types, shapes, layouts, filters ----

FLOAT = bytes([0x11, 0x20, 0x1f, 0]) + struct.pack("<IHHBBBBI", 4, 0, 32, 23, 8, 0, 23, 127)
BYTE = bytes([0x10, 0, 0, 0]) + struct.pack("<IHH", 1, 0, 8)
INT8 = bytes([0x10, 8, 0, 0]) + struct.pack("<IHH", 1, 0, 8)
SCALAR = b"\2\0\0\0"


def text(n):
    return bytes([0x13, 0, 0, 0]) + struct.pack("<I", n)


def opaque(n):
    return bytes([0x15, 8, 0, 0]) + struct.pack("<I", n) + b"python\0\0"


def array(base, size, *dims):
    n = size
    for dim in dims:
        n *= dim
    return bytes([0x3a, 0, 0, 0]) + struct.pack("<I", n) + bytes([len(dims)]) + b"".join(
        struct.pack("<I", d) for d in dims) + base


def compound(size, *members):
    """(name, offset, type)"""
    width = (size.bit_length() + 7) // 8
    return bytes([0x36, len(members), 0, 0]) + struct.pack("<I", size) + b"".join(
        name + b"\0" + off.to_bytes(width, "little") + kind for name, off, kind in members)


def vlen(base, is_text=False):
    return bytes([0x19, 1 if is_text else 0, 0, 0]) + struct.pack("<I", 16) + base


def nested(depth):
    """Compounds of one member, so deep."""
    kind = BYTE
    for _ in range(depth):
        kind = compound(1, (b"a", 0, kind))
    return kind


def shape(*dims):
    return bytes([2, len(dims), 0, 1]) + b"".join(struct.pack("<Q", d) for d in dims)


def compact(data):
    return 8, b"\3\0" + struct.pack("<H", len(data)) + data


def contiguous(addr, n):
    return 8, b"\3\1" + struct.pack("<QQ", addr, n)


def single_chunk(addr, n, dims, element, filtered):
    body = b"\4\2" + bytes([2 if filtered else 0, len(dims) + 1, 4])
    body += b"".join(struct.pack("<I", d) for d in (*dims, element)) + b"\1"
    return 8, body + (struct.pack("<QI", n, 0) if filtered else b"") + struct.pack("<Q", addr)


def filters(*ids):
    return 0x0B, b"\2" + bytes([len(ids)]) + b"".join(
        struct.pack("<H", i) + (struct.pack("<H", 0) if i >= 256 else b"") +
        struct.pack("<HHI", 0, 1, 1) for i in ids)


# ---- objects ----

def header(*messages):
    """An object header of version 2."""
    body = b"".join(struct.pack("<BHB", m[0], len(m[1]), m[2] if len(m) > 2 else 0) + m[1]
                    for m in messages)
    return sealed(b"OHDR\2\2" + struct.pack("<I", len(body)) + body)


def old_header(*messages):
    """One of version 1."""
    body = b"".join(struct.pack("<HHBxxx", kind, len(data) + -len(data) % 8, 0) + data +
                    b"\0" * (-len(data) % 8) for kind, data in messages)
    return struct.pack("<BxHIIxxxx", 1, len(messages), 1, len(body)) + body


def hard(name, addr):
    return 6, b"\1\0" + bytes([len(name)]) + name + struct.pack("<Q", addr)


def soft(name, path):
    return 6, b"\1\x08\1" + bytes([len(name)]) + name + struct.pack("<H", len(path)) + path


def external(name, file, path=b"/"):
    value = b"\0" + file + b"\0" + path + b"\0"
    return 6, b"\1\x08\x40" + bytes([len(name)]) + name + struct.pack("<H", len(value)) + value


def user(name, kind, value):
    return 6, b"\1\x08" + bytes([kind, len(name)]) + name + struct.pack("<H", len(value)) + value


def attribute(name, kind, space, data):
    name += b"\0"
    return 0x0C, b"\3\0" + struct.pack("<HHHB", len(name), len(kind), len(space), 0) + (
        name + kind + space + data)


def string(name, data):
    return attribute(name, text(len(data)), SCALAR, data)


def dataset(kind, space, *messages):
    return header((1, space), (3, kind), *messages)


class File:
    """Puts blocks one behind the other; the root comes last."""

    def __init__(self):
        self.data = bytearray(48)

    def add(self, block):
        self.data += b"\0" * (-len(self.data) % 8)
        self.data += block
        return len(self.data) - len(block)

    def heap(self, *objects):
        """A global heap of these objects, numbered from 1."""
        body = b"".join(struct.pack("<HHxxxxQ", i + 1, 1, len(o)) + o + b"\0" * (-len(o) % 8)
                        for i, o in enumerate(objects))
        size = max(4096, len(body) + 32)
        free = size - 16 - len(body)
        return self.add((b"GCOL\1\0\0\0" + struct.pack("<Q", size) + body +
                         struct.pack("<HHxxxxQ", 0, 0, free)).ljust(size, b"\0"))

    def local_heap(self, *names):
        """Its address and where each name is in it."""
        data, at = b"\0" * 8, []
        for name in names:
            at.append(len(data))
            data += name + b"\0" + b"\0" * (-(len(name) + 1) % 8)
        where = self.add(data)
        return self.add(b"HEAP\0\0\0\0" + struct.pack("<QQQ", len(data), NOWHERE, where)), at

    def symbols(self, links):
        """Tree and heap of an old group: (name, address, 24 bytes of cache)."""
        heap, at = self.local_heap(*[name for name, _, _ in links])
        node = self.add(b"SNOD\1\0" + struct.pack("<H", len(links)) + b"".join(
            struct.pack("<QQ", off, addr) + cache for off, (_, addr, cache) in zip(at, links)))
        tree = self.add(b"TREE\0\0\1\0" + struct.pack("<QQQQQ", NOWHERE, NOWHERE, 0, node, at[-1]))
        return tree, heap

    def finish(self, *messages, root=None, version=2, before=b""):
        root = self.add(header(*messages)) if root is None else root
        self.data[:48] = sealed(SIGNATURE + bytes([version, 8, 8, 0]) + struct.pack(
            "<QQQQ", 0, NOWHERE, len(self.data), root))
        return before + bytes(self.data)

    def finish_old(self, root, tree, heap):
        """With a superblock of version 0 in place of the first 96 bytes."""
        self.data[:96] = SIGNATURE + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack(
            "<HHI", 4, 16, 0) + struct.pack("<QQQQ", 0, NOWHERE, len(self.data), NOWHERE) + (
            struct.pack("<QQIIQQ", 0, root, 1, 0, tree, heap))
        return bytes(self.data)


def with_dataset(kind, space, *messages, name=b"data"):
    f = File()
    return f.finish(hard(name, f.add(dataset(kind, space, *messages))))


def stored(data, kind, space, name=b"data"):
    f = File()
    where = f.add(data)
    return f.finish(hard(name, f.add(dataset(kind, space, contiguous(where, len(data))))))


def filtered(data, *ids, kind=BYTE, dims=None):
    f = File()
    raw = zlib.compress(data) if 1 in ids else data
    where = f.add(raw)
    dims = dims or (len(data),)
    return f.finish(hard(b"data", f.add(dataset(
        kind, shape(*dims), single_chunk(where, len(raw), dims, 1, True), filters(*ids)))))


def external_storage(name):
    f = File()
    heap, at = f.local_heap(name)
    listed = b"\1\0\0\0" + struct.pack("<HHQQQQ", 1, 1, heap, at[0], 0, 40)
    return f.finish(hard(b"data", f.add(dataset(FLOAT, shape(10), contiguous(NOWHERE, 40),
                                                (7, listed)))))


ALL = struct.pack("<IIII", 3, 1, 0, 0)


def virtual(*files):
    f = File()
    block = sealed(b"\0" + struct.pack("<Q", len(files)) + b"".join(
        name + b"\0data\0" + ALL + ALL for name in files))
    heap = f.heap(block)
    return f.finish(hard(b"data", f.add(dataset(FLOAT, shape(10), (
        8, b"\4\3" + struct.pack("<QI", heap, 1))))))


# ---- what they hold ----

class Bait:
    def __reduce__(self):
        return os.system, ("true",)


PICKLE = pickle.dumps(Bait())
PICKLE0 = pickle.dumps(Bait(), 0)
HARMLESS = pickle.dumps({"a": [1, 2.5, "x"]}, 0)


def lambda_config(**more):
    code = base64.b64encode(marshal.dumps(compile("__import__('os').system('true')", "x",
                                                  "eval"))).decode()
    return json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": [
        {"class_name": "Lambda", "config": {"name": "l", "function": [code, None, None],
                                            "function_type": "lambda"}}]}, **more}).encode()


DENSE = json.dumps({"class_name": "Sequential", "config": {"name": "m", "layers": [
    {"class_name": "Dense", "config": {"name": "d", "units": 2, "activation": "relu"}}]}}).encode()


def zip_of_pickle():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("data.pkl", PICKLE)
    return out.getvalue()


def in_heap(kind, data, attr=b"x", count=1):
    f = File()
    heap = f.heap(data)
    return f.finish(attribute(attr, kind, SCALAR, struct.pack("<IQI", count, heap, 1)))


def cached_root():
    """The root's header has no symbols; the superblock's cache of it has."""
    f = File()
    f.data = bytearray(96)
    child = f.add(old_header((0x0C, struct.pack("<BxHHH", 1, 2, 16, 8) + b"x\0".ljust(8, b"\0") +
                              opaque(len(PICKLE)) + b"\1\0\0\0\0\0\0\0" + PICKLE)))
    tree, heap = f.symbols([(b"child", child, bytes(24))])
    root = f.add(old_header((0, bytes(8))))
    return f.finish_old(root, tree, heap)


def soft_with_address():
    """A link cached as soft, which has an object's address too."""
    f = File()
    f.data = bytearray(96)
    child = f.add(old_header((0x0C, struct.pack("<BxHHH", 1, 2, 16, 8) + b"x\0".ljust(8, b"\0") +
                              opaque(len(PICKLE)) + b"\1\0\0\0\0\0\0\0" + PICKLE)))
    tree, heap = f.symbols([(b"child", child, struct.pack("<IIIIQ", 2, 0, 8, 0, 0))])
    root = f.add(old_header((0x11, struct.pack("<QQ", tree, heap))))
    return f.finish_old(root, tree, heap)


def continued_in_itself():
    f = File()
    where = len(f.data)
    body = struct.pack("<BHB", 0x10, 16, 0)
    root = header((0x10, struct.pack("<QQ", where + 128, 32)))
    f.add(root)
    f.data = f.data.ljust(where + 128, b"\0")
    f.add(sealed(b"OCHK" + body + struct.pack("<QQ", where + 128, 32) + bytes(4)))
    return f.finish(root=where)


def two_in_one_place():
    f = File()
    where = f.add(bytes(64))
    a = f.add(dataset(FLOAT, shape(8), contiguous(where, 32)))
    b = f.add(dataset(FLOAT, shape(8), contiguous(where + 16, 32)))
    return f.finish(hard(b"a", a), hard(b"b", b))


def deep_groups(n):
    f = File()
    at = f.add(header(string(b"x", b"end")))
    for _ in range(n):
        at = f.add(header(hard(b"g", at)))
    return f.finish(hard(b"g", at))


def bad():
    ran = ["PKL001", "PKL002", "PKL003", "PKL004"]
    code = ["MDL110", "MDL113"]
    broken = ["ENG001", "ENG002"]
    f = File()
    yield "attribute_string.h5", f.finish(string(b"TITLE", PICKLE)), ran, "PyTables loads it"
    yield "attribute_protocol0.h5", File().finish(string(b"TITLE", PICKLE0)), ran, "protocol 0"
    yield "attribute_opaque.h5", File().finish(
        attribute(b"x", opaque(len(PICKLE)), SCALAR, PICKLE)), ran, "numpy.void"
    yield "attribute_bytes.h5", File().finish(
        attribute(b"x", BYTE, shape(len(PICKLE)), PICKLE)), ran, "an array of bytes"
    yield "attribute_array.h5", File().finish(attribute(
        b"x", array(BYTE, 1, len(PICKLE)), SCALAR, PICKLE)), ran, "an array type"
    yield "attribute_vlen.h5", in_heap(vlen(BYTE), PICKLE, count=len(PICKLE)), ran, "global heap"
    yield "attribute_vlen_text.h5", in_heap(vlen(text(1), True), PICKLE0, count=len(PICKLE0)), ran, (
        "a string of variable length")
    yield "dataset_bytes.h5", stored(PICKLE, BYTE, shape(len(PICKLE))), ran, "contiguous"
    yield "dataset_signed.h5", stored(PICKLE, INT8, shape(len(PICKLE))), ran, "int8"
    yield "dataset_compact.h5", with_dataset(BYTE, shape(len(PICKLE)), compact(PICKLE)), ran, (
        "in the header")
    yield "dataset_gzip.h5", filtered(PICKLE, 1), ran, "a chunk of gzip"
    yield "dataset_two_dims.h5", stored(PICKLE.ljust(100, b"\0"), BYTE, shape(10, 10)), ran, "2-d"
    kind = compound(4 + len(PICKLE), (b"a", 0, FLOAT), (b"b", 4, opaque(len(PICKLE))))
    yield "dataset_compound.h5", stored(bytes(4) + PICKLE, kind, shape(1)), ran, "a field"
    yield "fill_value.h5", with_dataset(opaque(len(PICKLE)), shape(3), contiguous(
        NOWHERE, 3 * len(PICKLE)), (5, b"\3\x29" + struct.pack("<I", len(PICKLE)) + PICKLE)), ran, (
        "what unwritten elements read as")
    yield "zip_in_dataset.h5", stored(zip_of_pickle(), BYTE, shape(len(zip_of_pickle()))), ran, (
        "an archive of a pickle")
    yield "cached_root.h5", cached_root(), ran, "the superblock knows more than the root"
    yield "soft_with_address.h5", soft_with_address(), ran, "a soft link that is a hard one"
    yield "user_block.h5", File().finish(string(b"a", b"b"), before=PICKLE.ljust(512, b"\0")), (
        ran + ["ENG014"]), "the first bytes are a pickle"
    yield "after_the_end.h5", File().finish(string(b"a", b"b")) + PICKLE, ran + ["ENG013"], "behind"
    yield "lambda.h5", File().finish(string(b"model_config", lambda_config())), code, "fixed string"
    yield "lambda_padded.h5", File().finish(
        string(b"model_config", lambda_config() + bytes(100))), code, "filled up with NUL"
    yield "lambda_vlen.h5", in_heap(vlen(text(1), True), lambda_config(), b"model_config",
                                    len(lambda_config())), code, "as Keras writes it"
    half = len(lambda_config()) // 2
    yield "lambda_in_parts.h5", File().finish(
        string(b"model_config1", lambda_config()[half:]),
        string(b"model_config0", lambda_config()[:half])), code, "over two attributes"
    yield "lambda_array.h5", File().finish(attribute(
        b"model_config", text(half + 1), shape(2),
        lambda_config()[:half + 1] + lambda_config()[half + 1:].ljust(half + 1, b"\0"))), code, (
        "over two elements")
    f = File()
    group = f.add(header(string(b"model_config", lambda_config())))
    yield "lambda_in_group.h5", f.finish(hard(b"g", group)), code, "load_model() takes a group"
    yield "lambda_twice.h5", File().finish(
        string(b"model_config", DENSE), string(b"model_config", lambda_config())), code, (
        "the second attribute of that name")
    yield "lambda_other_name.h5", File().finish(string(b"config", lambda_config())), code, (
        "a layer's configuration")
    yield "lambda_dataset.h5", stored(lambda_config(), text(len(lambda_config())), SCALAR,
                                      b"model_config"), code, "a dataset of that name"
    yield "lambda_user_block.h5", File().finish(string(b"model_config", lambda_config()),
                                                before=bytes(2048)), code, "at 2048"
    yield "lambda_no_extension", File().finish(string(b"model_config", lambda_config())), code, (
        "content decides")
    yield "external_link.h5", File().finish(external(b"w", b"/etc/passwd")), "MDL104", "absolute"
    yield "external_up.h5", File().finish(external(b"w", b"../../secret.h5")), "MDL104", "up"
    yield "external_beside.h5", File().finish(external(b"w", b"other.h5")), "MDL140", "a neighbour"
    yield "external_storage.h5", external_storage(b"/etc/passwd"), "MDL104", "CVE-2026-1669"
    yield "external_storage_beside.h5", external_storage(b"weights.bin"), "MDL140", "a neighbour"
    yield "virtual.h5", virtual(b".", b"/etc/passwd"), "MDL104", "the second source"
    yield "virtual_beside.h5", virtual(b"other.h5"), "MDL140", "another file"
    yield "user_link.h5", File().finish(user(b"w", 200, b"http://x")), "MDL141", "a plug-in's"
    yield "filter.h5", filtered(PICKLE, 32001), "MDL142", "blosc over bytes"
    yield "filter_text.h5", filtered(PICKLE, 6, kind=text(1)), "MDL142", "scale-offset over text"
    yield "bomb.h5", with_dataset(FLOAT, shape(2**20, 2**20), (8, b"\4\2\0\3\4" + struct.pack(
        "<III", 1024, 1024, 4) + b"\2" + struct.pack("<Q", NOWHERE))), "MDL143", "4 TB of nothing"
    yield "overflow.h5", with_dataset(FLOAT, shape(2**40, 2**40), contiguous(NOWHERE, 0)), broken, (
        "a shape whose product overflows")
    yield "past_the_end.h5", with_dataset(FLOAT, shape(1000), contiguous(64, 4000)), broken, "lies"
    yield "overlap.h5", two_in_one_place(), broken, "two datasets share bytes"
    yield "continued_in_itself.h5", continued_in_itself(), broken, "cyclic"
    yield "deep_type.h5", stored(b"a", nested(1000), SCALAR), broken, "a type 1000 deep"
    yield "version9.h5", File().finish(string(b"a", b"b"), version=9), broken, "unknown version"
    plain = File().finish(string(b"a", b"b"))
    yield "cut.h5", plain[:-9], broken, "cut off"
    yield "checksum.h5", plain.replace(b"OHDR\2\2", b"OHDR\2\2", 1)[:-1] + b"\0", broken, (
        "the root's checksum is wrong")
    yield "no_json.h5", File().finish(string(b"model_config", b"{not json")), broken, "no JSON"


def pytables():
    return File().finish(string(b"CLASS", b"GROUP"), string(b"TITLE", b""),
                         string(b"VERSION", b"1.0"), string(b"PYTABLES_FORMAT_VERSION", b"2.1"),
                         string(b"meta", HARMLESS), string(b"none", b"N."))


def hard_cycle():
    f = File()
    where = len(f.data)
    root = header(hard(b"self", where), string(b"a", b"b"))
    f.add(root)
    return f.finish(root=where)


def good():
    noise = random.Random(5)
    yield "plain.h5", File().finish(string(b"a", b"b")), (), "an attribute"
    yield "dense.h5", File().finish(string(b"model_config", DENSE), string(
        b"keras_version", b"2.15.0"), string(b"backend", b"tensorflow")), (), "no Lambda"
    yield "weights.h5", stored(bytes(400), FLOAT, shape(10, 10)), (), "numbers"
    yield "pickle_of_floats.h5", stored(PICKLE.ljust(64, b"\0"), FLOAT, shape(16)), (), (
        "the body of a tensor is not read")
    yield "harmless_pickles.h5", pytables(), (), "PyTables"
    yield "words.h5", File().finish(string(b"note", b"os.system('rm -rf /'); cos\nsystem\n")), (), (
        "words about code")
    yield "soft.h5", File().finish(soft(b"s", b"/etc/passwd")), (), "a path within the file"
    yield "hard_cycle.h5", hard_cycle(), (), "a group that is its own child"
    yield "user_block.h5", File().finish(string(b"a", b"b"), before=bytes(512)), (), "empty"
    yield "matlab.mat", File().finish(string(b"a", b"b"), before=(
        b"MATLAB 7.3 MAT-file, Platform: GLNXA64, Created on: Mon Jan  1 00:00:00 2024 HDF5 schema "
        b"1.00 .".ljust(116) + bytes(8) + b"\0\2IM").ljust(512, b"\0")), (), "MATLAB 7.3"
    yield "virtual_self.h5", virtual(b"."), (), "of this file alone"
    yield "image.h5", stored(noise.randbytes(3072), BYTE, shape(32, 32, 3)), (), "pixels"
    yield "images_blosc.h5", filtered(noise.randbytes(3072), 32001, dims=(32, 32, 3)), (), (
        "pixels behind a filter that is not known")
    yield "zeros.h5", filtered(bytes(3 << 20), 1), (), "a ratio of 1000, of little"
    yield "names.h5", File().finish(string(b"../../etc/passwd", b"x"), string(b"__reduce__", b"y")), (
        ), "names that are only names"
    yield "deep.h5", deep_groups(1000), (), "groups 1000 deep"
    yield "version3.h5", File().finish(string(b"a", b"b"), version=3), (), "superblock 3"
    for path in sorted(glob.glob(os.path.join(FIXTURES, "*"))):
        with open(path, "rb") as f:
            yield "fixture_" + os.path.basename(path), f.read(), (), "made by a real library"


if __name__ == "__main__":
    for case in (*bad(), *good()):
        print(case[0], len(case[1]), case[2], case[3])
