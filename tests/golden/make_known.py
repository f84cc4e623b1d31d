#!/usr/bin/env python3
"""Writes the golden cases of MDL050 to MDL080: safetensors, known formats, text, unknown content.

tests/golden/MDLnnn/fire*.EXT fires the rule, near*.EXT looks alike and does not. The same bytes,
sorted by what becomes of them, are the fuzz corpora of safetensors, known, text and carve.
Everything is put together here by hand, so that each lie is exactly one; nothing does harm.

Usage: make_known.py [FOLDER]    FOLDER defaults to the folder above this file's.
"""
import gzip
import json
import os
import random
import struct
import sys
import tarfile
import io
import zipfile
import zlib

TESTS = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
CALL = b"cos\nsystem\n(S'echo pratique-fixture'\ntR."  # protocol 0
CALL4 = (b"\x8c\x02os\x94\x8c\x06system\x94\x93\x94\x8c\x15echo pratique-fixture\x94\x85\x94R\x94.")
CALL4 = b"\x80\x04\x95" + struct.pack("<Q", len(CALL4)) + CALL4


# --- safetensors ---

def tensor(dtype, shape, start, end):
    return {"dtype": dtype, "shape": shape, "data_offsets": [start, end]}


def safetensors(header, body=b""):
    if not isinstance(header, bytes):
        header = json.dumps(header, separators=(",", ":")).encode()
    return struct.pack("<Q", len(header)) + header + body


ONE = tensor("F32", [2], 0, 8)
TWO = tensor("I64", [1], 8, 16)
BODY8, BODY16 = bytes(8), bytes(16)
SAFE = {
    "plain": safetensors({"a": ONE, "b": TWO}, BODY16),
    "empty": safetensors({}),
    "padded": safetensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}}      ', BODY8),
    "metadata": safetensors({"__metadata__": {"format": "pt", "code": CALL.decode(), "x": "gASV"},
                             "a": ONE}, BODY8),
    "order": safetensors({"b": TWO, "a": ONE}, BODY16),
    "no_elements": safetensors({"a": tensor("F32", [0, 4], 0, 0), "b": ONE}, BODY8),
    "scalar": safetensors({"a": tensor("F64", [], 0, 8)}, BODY8),
    "half_bytes": safetensors({"a": tensor("F4", [4], 0, 2), "b": tensor("F6_E2M3", [4], 2, 5)},
                              bytes(5)),
    "escapes": safetensors(b'{"a\\u0041\\ud83d\\ude00\\n":{"dtype":"U8","shape":[1],'
                           b'"data_offsets":[0,1]}}', b"x"),
}
SAFE_BROKEN = {
    "no_brace": safetensors(b' {"a":{}}'),
    "cut_header": struct.pack("<Q", 90) + b'{"a":{"dtype":"F32"',
    "cut_body": safetensors({"a": ONE}, BODY8[:7]),
    "big_header": struct.pack("<Q", 100_000_001) + b'{"a":' + bytes(40),
    "metadata_number": safetensors({"__metadata__": {"a": 1}}),
    "metadata_list": safetensors({"__metadata__": ["a"]}),
    "metadata_null": safetensors(b'{"__metadata__":null}'),
    "surrogate": safetensors(b'{"\\ud800":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "not_utf8": safetensors(b'{"\xff":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "control": safetensors(b'{"\x01":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "float": safetensors(b'{"a":{"dtype":"U8","shape":[1.0],"data_offsets":[0,1]}}', b"x"),
    "minus": safetensors(b'{"a":{"dtype":"U8","shape":[-1],"data_offsets":[0,1]}}', b"x"),
    "zeros": safetensors(b'{"a":{"dtype":"U8","shape":[01],"data_offsets":[0,1]}}', b"x"),
    "overflow": safetensors({"a": tensor("U8", [1 << 33, 1 << 33, 0], 0, 0)}),
    "number": safetensors(b'{"a":{"dtype":"U8","shape":[18446744073709551616],"data_offsets":[0,1]}}', b"x"),
    "field": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1],"more":1}}', b"x"),
    "field_twice": safetensors(b'{"a":{"dtype":"U8","dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "field_missing": safetensors(b'{"a":{"dtype":"U8","data_offsets":[0,1]}}', b"x"),
    "backwards": safetensors({"a": tensor("U8", [1], 1, 0)}, b"x"),
    "comma": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},}', b"x"),
    "after": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}x', b"x"),
    "disguised": safetensors(b'{"__met\\u0061data__":{"dtype":"U8","shape":[1],"data_offsets":[0,1]}}', b"x"),
    "string_end": safetensors(b'{"a'),
}


def raw_entry(name, dtype="U8", shape="[1]", start=0, end=1):
    return b'"%s":{"dtype":"%s","shape":%s,"data_offsets":[%d,%d]}' % (
        name, dtype.encode(), shape.encode(), start, end)


SAFE_BAD = {
    "MDL050": {
        "": safetensors(b"{" + raw_entry(b"a") + b"," + raw_entry(b"a", start=1, end=2) + b"}", b"xy"),
        "_escaped": safetensors(b"{" + raw_entry(b"aA") + b"," +
                                raw_entry(b"a\\u0041", start=1, end=2) + b"}", b"xy"),
        "_metadata": safetensors(b'{"__metadata__":{"k":"1","k":"2"},' + raw_entry(b"a") + b"}", b"x"),
        "_metadata_twice": safetensors(b'{"__metadata__":{},"__metadata__":{}}'),
    },
    "MDL051": {
        "": safetensors({"a": ONE, "b": tensor("I64", [1], 4, 12)}, bytes(12)),
        "_same": safetensors({"a": ONE, "b": tensor("I64", [1], 0, 8)}, BODY8),
        "_inside": safetensors({"a": tensor("U8", [8], 0, 8), "b": tensor("U8", [0], 4, 4)}, BODY8),
    },
    "MDL052": {
        "": safetensors({"a": ONE, "b": tensor("I64", [1], 12, 20)}, BODY8 + b"hide" + BODY8),
        "_behind": safetensors({"a": ONE}, BODY8 + CALL4),
        "_before": safetensors({"a": tensor("U8", [1], 3, 4)}, b"abcx"),
        "_no_tensor": safetensors({}, b"hidden"),
    },
    "MDL053": {
        "": safetensors({"a": tensor("F32", [3], 0, 8)}, BODY8),
        "_bits": safetensors({"a": tensor("F4", [3], 0, 2)}, b"xy"),
        "_overflow": safetensors({"a": tensor("F64", [1 << 62], 0, 0)}),
    },
    "MDL054": {
        "": safetensors({"a": tensor("F128", [1], 0, 16)}, BODY16),
        "_case": safetensors({"a": tensor("f32", [2], 0, 8)}, BODY8),
    },
    "MDL055": {
        "": safetensors(b'{"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},'
                        b'"b":{"dtype":"F16","shape":[2],"data_offsets":[1,5]}}      ', bytes(5)),
        "_header": safetensors(b'{"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}} ', BODY8),
    },
}
SAFE_NEAR = {
    "MDL050": {"": SAFE["plain"], "_metadata": safetensors(
        {"__metadata__": {"a": "1", "b": "2"}, "a": ONE}, BODY8)},
    "MDL051": {"": SAFE["order"], "_none": SAFE["no_elements"]},
    "MDL052": {"": SAFE["plain"], "_padding": SAFE["padded"]},
    "MDL053": {"": SAFE["half_bytes"], "_scalar": SAFE["scalar"]},
    "MDL054": {"": safetensors({"a": tensor("F8_E8M0", [2], 0, 2), "b": tensor("C64", [1], 2, 10),
                                "c": tensor("F8_E4M3FNUZ", [1], 10, 11)}, bytes(11))},
    "MDL055": {"": SAFE["padded"],
               "_bytes": safetensors(b'{"a":{"dtype":"U8","shape":[2],"data_offsets":[0,2]}} ', b"xy"),
               "_none": safetensors(b'{"a":{"dtype":"F32","shape":[0],"data_offsets":[0,0]}} ')},
}


# --- Protocol Buffers ---

def varint(v):
    out = b""
    while v > 127:
        out += bytes([v & 127 | 128])
        v >>= 7
    return out + bytes([v])


def field(number, value):
    if isinstance(value, int):
        return varint(number << 3) + varint(value)
    return varint(number << 3 | 2) + varint(len(value)) + value


ONNX = (field(1, 8) + field(2, b"pytorch") + field(3, b"2.1") +
        field(7, field(1, field(1, b"x") + field(2, b"y") + field(4, b"Relu")) + field(2, b"main")) +
        field(8, field(1, b"") + field(2, 17)))
PIECES = b"".join(field(1, field(1, t) + b"\x15\0\0\0\0" + field(3, 2))
                  for t in (b"<unk>", b"<s>", b"</s>", b"\xe2\x96\x81a"))

# --- known formats ---

MODELS = {
    "ggml": b"lmgg" + bytes(40), "ggjt": b"tjgg" + bytes(40), "ggmf": b"fmgg" + bytes(40),
    "ggla": b"algg" + bytes(40),
    "onnx": ONNX, "onnx_order": field(7, field(2, b"main")) + field(1, 8),
    "core_ml": field(1, 4) + field(2, field(1, b"x")) + field(500, field(1, b"layer")),
    "caffe": field(1, b"net") + field(100, field(1, b"data") + field(2, b"Python")),
    "paddle": field(1, field(1, 0) + field(2, 0) + field(3, field(1, b"x"))) + field(4, field(1, 0)),
    "cntk2": field(1, 1) + field(2, field(1, b"type") + field(2, field(1, 1))) +
             field(2, field(1, b"primitive_functions") + field(2, field(1, 1))),
    "cntk1": "BCN".encode("utf-16-le") + bytes(20),
    "tensorrt": b"ftrt" + bytes(40),
    "xgboost": b"binf" + bytes(40),
    "java": b"\xac\xed\0\5sr\0\x11java.util.HashMap",
    "dotnet": b"\0\1\0\0\0\xff\xff\xff\xff\1" + bytes(7), "perl": b"pst0\4\x0b" + bytes(8),
    "pmml": b'<?xml version="1.0"?>\n<PMML version="4.4"><Header/></PMML>\n',
    "openvino": b'<?xml version="1.0"?>\n<net name="m" version="11"><layers/></net>\n',
    "keras_config.json": b'{"class_name": "Functional", "config": {"layers": [{"class_name": "Lambda"}]}}',
    "mxnet_symbol.json": b'{"nodes": [{"op": "null"}], "arg_nodes": [0], "heads": [[0, 0, 0]]}',
}
DATA = {
    "parquet": b"PAR1\0\0" + bytes(20) + b"PAR1", "arrow": b"ARROW1\0\0" + bytes(24),
    "feather": b"FEA1" + bytes(20), "arrow_stream": b"\xff\xff\xff\xff" + struct.pack("<II", 64, 16) + bytes(80),
    "orc": b"ORC\0\1", "avro": b"Obj\1\4\x14avro.codec", "sqlite": b"SQLite format 3\0" + bytes(84),
    "gdbm": b"\xce\x9a\x57\x13" + bytes(40), "bdb": bytes(12) + b"\x61\x15\x06\0" + bytes(40),
    "lmdb": bytes(16) + b"\xde\xc0\xef\xbe" + bytes(40), "matlab": b"MATLAB 5.0 MAT-file".ljust(124) + b"\0\1IM",
    "netcdf": b"CDF\1" + bytes(28),
}
PROGRAMS = {
    "elf": b"\x7fELF\2\1\1" + bytes(57), "elf_big": b"\x7fELF\1\2\1" + bytes(45),
    "pe": b"MZ" + bytes(58) + struct.pack("<I", 64) + b"PE\0\0" + bytes(20),
    "dos": b"MZ" + struct.pack("<HHHH", 80, 1, 0, 4) + bytes(80),
    "macho": b"\xcf\xfa\xed\xfe" + bytes(40), "macho_big": b"\xfe\xed\xfa\xce" + bytes(40),
    "fat": struct.pack(">IIIIIII", 0xCAFEBABE, 1, 7, 3, 28, 4, 2) + bytes(8),
    "ape": b"MZqFpD='\n\0" + bytes(80), "shar": b"#!/bin/sh\nexec tail\n\0\1\2",
    "lnk": b"L\0\0\0\1\x14\2\0" + bytes(60),
}
CODE_2 = b"c" + struct.pack("<IIII", 0, 0, 1, 64) + b"s\4\0\0\0d\0\0S"
CODE_311 = b"\xe3" + struct.pack("<IIIII", 0, 0, 0, 1, 0) + b"\xf3\4\0\0\0\x97\0d\0S\0"
CODE_38 = b"\xe3" + struct.pack("<IIIIII", 0, 0, 0, 0, 1, 64) + b"s\4\0\0\0d\0S\0"
BYTECODE = {
    "py27": struct.pack("<HH", 62211, 0x0A0D) + bytes(4) + CODE_2,
    "py33": struct.pack("<HH", 3230, 0x0A0D) + bytes(8) + b"\xe3" + struct.pack("<IIIII", 0, 0, 0, 1, 64) + b"s\0\0\0\0",
    "py38": struct.pack("<HH", 3413, 0x0A0D) + bytes(12) + CODE_38,
    "py312": struct.pack("<HH", 3531, 0x0A0D) + bytes(12) + CODE_311,
    "pypy": struct.pack("<HH", 336, 0x0A0D) + bytes(12) + CODE_38,
    "wasm": b"\0asm\1\0\0\0", "lua": b"\x1bLua\x54\0" + bytes(10), "luajit": b"\x1bLJ\2" + bytes(10),
    "class": struct.pack(">IHHH", 0xCAFEBABE, 0, 61, 12) + bytes(20), "dex": b"dex\n035\0" + bytes(20),
    "bitcode": b"BC\xc0\xde" + bytes(20), "spirv": b"\3\2\x23\7" + bytes(20),
}
MARSHAL = {"": CODE_311, "_27": CODE_2, "_38": CODE_38, "_tuple": b"\xa9\2" + CODE_311 + b"N",
           "_list": b"[\1\0\0\0" + CODE_38}
PACKAGES = {
    "deb": b"!<arch>\ndebian-binary   0           0     0     100644  4         `\n2.0\n",
    "rpm": b"\xed\xab\xee\xdb\3\0" + bytes(20), "cpio": b"070701" + b"0" * 104 + b"TRAILER!!!\0\0\0",
    "iso": bytes(32769) + b"CD001\1", "cab": b"MSCF" + bytes(32), "xar": b"xar!\0\x1c\0\1" + bytes(20),
    "squashfs": b"hsqs" + bytes(92), "dmg": bytes(100) + b"koly\0\0\0\4" + bytes(504),
    "lzip": b"LZIP\1\x0c" + bytes(20), "compress": b"\x1f\x9d\x90" + bytes(20),
}
DOCUMENTS = {
    "pdf": b"%PDF-1.4\n1 0 obj\n<< /OpenAction << /S /JavaScript >> >>\nendobj\n",
    "pdf_binary": b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n\0\1", "ole": b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504),
    "rtf": b"{\\rtf1\\ansi hello}", "ps": b"%!PS-Adobe-3.0\nshowpage\n\0",
}

# --- media: data, admitted ---


def chunk(kind, data=b""):
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def tzif():
    head = b"TZif2" + bytes(15) + struct.pack(">6I", 0, 0, 0, 0, 1, 4)
    return head + bytes(6) + b"UTC\0" + head + bytes(6) + b"UTC\0" + b"\nUTC0\n"


PNG = (b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 1, 1, 8, 0, 0, 0, 0)) +
       chunk(b"IDAT", zlib.compress(b"\0\0")) + chunk(b"IEND"))
JPEG = (b"\xff\xd8\xff\xe0\0\x10JFIF\0\1\1\0\0\1\0\1\0\0\xff\xdb\0\x03x\xff\xda\0\x03x\x12\xff\0\x34"
        b"\xff\xd0\x56\xff\xd9")
GIF = b"GIF89a\1\0\1\0\x80\0\0" + bytes(6) + b"!\xf9\4" + bytes(4) + b"\0,\0\0\0\0\1\0\1\0\0\2\2D\1\0;"
MP3 = b"ID3\4\0\0\0\0\0\0" + (b"\xff\xfb\x90\x00" + bytes(413)) * 4
FONT = (b"\0\1\0\0\0\1\0\x10\0\0\0\0" + b"head" + struct.pack(">III", 0, 28, 4) + b"abcd")
MEDIA = {
    "png": PNG, "jpeg": JPEG, "gif": GIF,
    "wav": b"RIFF" + struct.pack("<I", 36) + b"WAVEfmt " + struct.pack("<I", 16) + bytes(16) + b"data" + bytes(4),
    "webp": b"RIFF" + struct.pack("<I", 16) + b"WEBPVP8L" + struct.pack("<I", 3) + b"abc\0",
    "bmp": b"BM" + struct.pack("<IIIIIIHHI", 58, 0, 54, 40, 1, 1, 1, 24, 0) + bytes(24),
    "ico": b"\0\0\1\0\1\0" + b"\1\1\0\0\1\0\1\0" + struct.pack("<II", 4, 22) + b"abcd",
    "tiff": b"II*\0" + struct.pack("<IH", 8, 1) + bytes(12) + bytes(4),
    "mp3": MP3, "ogg": b"OggS\0\2" + bytes(20) + b"\1\3abc",
    "flac": b"fLaC\x80\0\0\4abcd\xff\xf8\0", "mp4": struct.pack(">I", 12) + b"ftypisom" + struct.pack(">I", 8) + b"moov",
    "ttf": FONT, "woff": b"wOFF\0\1\0\0" + struct.pack(">I", 44) + bytes(32), "tzif": tzif(),
    "mo": struct.pack("<7I", 0x950412DE, 0, 1, 28, 36, 0, 44) + struct.pack("<IIII", 1, 44, 1, 46) + b"a\0b\0",
    "sentencepiece": PIECES + field(2, field(1, b"x")),
}

# --- text ---

YAML = {
    "": b"a: !!python/object/apply:os.system ['echo pratique-fixture']\n",
    "_new": b"- !!python/object/new:type\n  args: []\n", "_name": b"x: [1, !!python/name:os.system ]\n",
    "_verbatim": b"a: !<tag:yaml.org,2002:python/object/apply:os.system> ['echo pratique-fixture']\n",
    "_percent": b"a: !!%70ython/object/apply:os.system ['echo pratique-fixture']\n",
    "_handle": b"%TAG !p! tag:yaml.org,2002:python/\n---\na: !p!object/apply:os.system ['true']\n",
    "_short_handle": b"%TAG ! tag:yaml.org,2002:\n---\na: !python/name:os.system\n",
    "_ruby": b"--- !ruby/object:Gem::Installer\ni: x\n",
    "_java": b"!!javax.script.ScriptEngineManager [!!java.net.URLClassLoader [[]]]\n",
    "_utf16": "a: !!python/object/apply:os.system ['true']\n".encode("utf-16"),
    "_anchor": b"a: &x !!python/object/apply:os.system ['true']\n",
    "_hash": b"[\"a # b\", !!python/name:os.system ]\n",
    "_hash_lines": b"[\"a\n # b\", !!python/name:os.system ]\n",
    "_root": b"!!python/object/apply:os.system\nargs: ['echo pratique-fixture']\n",
}
YAML_NEAR = {
    "": b"a: !!str text\nb: !!float 1\nc: !!python/tuple [1, 2]\n",
    "_comment": b"# never write !!python/object/apply:os.system here\na: 1\n",
    "_quoted": b'a: "see !!python/object"\nb: \'!!python/object\'\n',
    "_handle": b"%TAG !u! tag:unity3d.com,2011:\n--- !u!1 &1\nGameObject:\n", "_bang": b"a: hello!!python/object\n",
    "_words": b"a: see !!python/object/apply:os.system for why\n",
    "_text": b"no! not !this! a: !important\n",
}
SOURCE = {
    "script.sh": b"echo pratique-fixture\n", "rules.mk": b"all:\n\techo pratique-fixture\n",
    "net.prototxt": b'layer { type: "Python" }\n',
    "code.c": b"int main(void) { return 0; }\n", "wide.ps1": "Get-Item x\n".encode("utf-16"),
    "php.txt": b"<?php echo 1;\n", "shebang.txt": b"#!/bin/sh\necho pratique-fixture\n",
    "cython.pyx": b"cdef int x\n", "both": b"#!/bin/sh\n'''exec' python3 \"$0\"\n' '''\nprint(1)\n",
    "r.ipynb": b'{"cells": [], "metadata": {"kernelspec": {"language": "R"}}, "nbformat": 4}\n',
    "cell.ipynb": b'{"cells": [{"cell_type": "code", "source": ["%%cython\\n", "cdef int x"]}]}\n',
}
PYTHON = {  # and what is searched for names
    "python.py": b"import os\nos.system('echo pratique-fixture')\n", "stub.pyw": b"x = 1\n",
    "path.pth": b"import os; os.getcwd()\n", "notebook.ipynb": b'{"cells": [], "nbformat": 4}\n',
    "shebang": b"#!/usr/bin/env -S python3 -u\nprint(1)\n", "cookie": b"# -*- coding: utf-8 -*-\nx = 1\n",
    "imports": b"from os import system\nsystem('echo pratique-fixture')\n", "page.js": b"alert(1)\n",
    "UPPER.PY": b"x = 1\n",
    "cells.ipynb": b'{"cells": [{"cell_type": "code", "source": ["!ls\\n", "x = 1"]}, '
                   b'{"cell_type": "code", "source": "%time x\\ny = !ls \\\\\\n -l\\nz?"}]}\n',
    "sheets.ipynb": b'{"worksheets": [{"cells": [{"cell_type": "code", "input": "1"}]}]}\n',
    "broken.ipynb": b'{"cells": [{"cell_type": "code", "source": "os.system(x)',
}
PLAIN = {
    "readme.md": b"# Hello\n\n    import os\n    os.system('x')\n", "stubs.pyi": b"def f() -> int: ...\n",
    "py.typed": b"\n", "table.csv": b"a,b\n1,2\n", "LICENSE": b"Permission is hereby granted ...\n",
    "latin1.txt": "Größe, naïve café, an otherwise plain line\n".encode("latin-1"),
    "utf8.txt": "Grüße — 你好 😀\n".encode(), "bom.txt": b"\xef\xbb\xbfhello\n",
    "utf16.txt": "Grüße 😀\n".encode("utf-16"), "conf.ini": b"[a]\nb = c\n",
    "tree.txt": b"tree\nversion=v4\nnum_class=1\n", "xgb.json": b'{"learner":{"attributes":{}},"version":[2,0,0]}',
    "entry_points.txt": b"[console_scripts]\nx = y:z\n", "formfeed.txt": b"a\x0cb\n",
}
NOT_TEXT = {
    "nul": b"text\0text", "tail": b"hello\n" * 100 + b"\x80\x04\0\1", "bell": b"a\x07", "escape": b"\x1b[31mred",
    "proto": b"\x80abc def", "mostly_high": b"\xff\xfa\xf9\xe0" * 8, "odd_utf16": b"\xff\xfea\0b",
    "lone_surrogate": b"\xff\xfe\0\xd8a\0", "overlong": b"\xc0\x80",
}
MARKUP = {"": b"<html><script>alert(1)</script></html>\n",
          "_svg.svg": b'<svg xmlns="http://www.w3.org/2000/svg"><SCRIPT>1</SCRIPT></svg>\n',
          "_entity.xml": b'<?xml version="1.0"?><!DOCTYPE a [<!ENTITY b SYSTEM "file:///etc/passwd">]><a>&b;</a>\n'}
MARKUP_NEAR = {"": b"<html><body>A <em>script</em> of a play &lt;script&gt;</body></html>\n",
               "_text.txt": b"write <script> in the head\n"}
CONFIG = {
    "_target.yaml": b"model:\n  _target_: os.system\n  command: echo pratique-fixture\n",
    "_target.json": b'{"m": {"_target_": "os.system", "x": null}}\n',
    "_escaped.json": b'{"m": {"_t\\u0061rget_": "os.system"}}\n',
    "_auto_map.json": b'{"model_type": "x", "auto_map": {"AutoModel": "modeling_x.Model"}}\n',
    "_escaped.yaml": b'"\\x5ftarget\\U0000005f": os.system\n',
    "_jsonpickle.json": b'{"py/reduce": [{"py/function": "os.system"}, {"py/tuple": ["true"]}]}\n',
    "_mlflow.yaml": b"flavors:\n  python_function:\n    loader_module: os\n",
    "_remote.json": b'{"trust_remote_code": false, "n": {"trust_remote_code": true}}\n',
}
CONFIG_NEAR = {
    "_remote.json": b'{"trust_remote_code": false, "auto_map": null}\n',
    "_text.md": b"Set `_target_: os.system` in the file.\n", "_value.json": b'{"note": "uses _target_ keys"}\n',
    "_name.json": b'{"my_target_": 1, "_target_x": 2}\n',
}
TEMPLATE = {"_jinja.jinja": b"{{ ''.__class__.__mro__[1].__subclasses__() }}\n",
            "_chat.json": b'{"chat_template": "{{ x.__init__.__globals__ }}"}\n',
            "_escaped.json": b'{"chat_template": "{{ x.__init__.__glob\\u0061ls__ }}"}\n'}
TEMPLATE_NEAR = {"_chat.json": b'{"chat_template": "{% for m in messages %}{{ m.content }}{% endfor %}"}\n',
                 "_vocabulary.json": b'{"__globals__": 17, "__import__": 18}\n'}


# --- unknown content ---

RANDOM = random.Random(7)
NOISE = bytes(RANDOM.randrange(256) for _ in range(300))


def a_tar():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as t:
        info = tarfile.TarInfo("a.pkl")
        info.size = len(CALL4)
        t.addfile(info, io.BytesIO(CALL4))
    return out.getvalue()[:2048]


CARVED = {
    "pickle0": b"\0\1" + NOISE + CALL + NOISE, "pickle4": b"\0\1" + NOISE + CALL4 + NOISE,
    "inst": b"\0\1(S'echo pratique-fixture'\nios\nsystem\n." + NOISE,
    "no_proto": b"\0\1" + NOISE + CALL4[11:] + NOISE, "two": b"\0" + CALL4 + NOISE + CALL + NOISE,
    "unfinished": b"\0\1" + NOISE + CALL4[:-2],
}
CARVED_OTHER = {
    "gzip": b"\0\1" + NOISE + gzip.compress(CALL4, mtime=0) + NOISE, "tar": b"\0\1" + NOISE + a_tar() + NOISE,
    "elf": b"\0\1" + NOISE + PROGRAMS["elf"], "npy": b"\0\1" + NOISE + b"\x93NUMPY\1\0" + NOISE,
}
CARVED_NEAR = {
    "noise": b"\0" + NOISE, "proto": b"\0\x80\x04\x95" + NOISE, "gzip": b"\0\x1f\x8b\x08\0" + NOISE,
    "names": b"\0cos\nsystem\n\0\0" + NOISE, "data": b"\0\1\x80\x04K\1." + NOISE, "zip": b"\0PK\3\4" + bytes(9),
    "tar": b"\0" + bytes(256) + b"ustar" + NOISE,
}


def a_torch_zip(version):
    """As torch.save writes it, with that member `version`."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name, data in (("archive/data.pkl", b"\x80\x02}q\0."), ("archive/byteorder", b"little"),
                           ("archive/version", version)):
            info = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            info.external_attr = 0o100644 << 16
            z.writestr(info, data)
    return out.getvalue()


def write(root, *parts, data):
    path = os.path.join(root, *parts)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "wb") as f:
        f.write(data)


def golden(root, rule, fire, near):
    """Keys are parts of names: "", "_x" (then .bin), "_x.ext", or whole names."""
    for word, cases in (("fire", fire), ("near", near)):
        for key, data in cases.items():
            name = word + (key if key[:1] in ("", "_", ".") else "_" + key)
            write(root, "golden", rule, name if "." in name else name + ".bin", data=data)


def write_golden(root):
    for rule, fire in SAFE_BAD.items():
        golden(root, rule, {k + ".safetensors": v for k, v in fire.items()},
               {k + ".safetensors": v for k, v in SAFE_NEAR[rule].items()})
    cut = {"_gguf": b"GGUf" + bytes(20), "_onnx": ONNX[:-3] + b"\xff",
           "_sentencepiece": MEDIA["sentencepiece"],
           "_keras.json": b'{"class_name": "thing", "n": 1}'}
    golden(root, "MDL060", MODELS, cut)
    golden(root, "MDL061", PROGRAMS, {"_elf": b"\x7fELF\3\1\1" + bytes(57), "_pe": b"MZ" + bytes(70)})
    golden(root, "MDL062", BYTECODE, {"_pyc": struct.pack("<HH", 3531, 0x0A0C) + bytes(12) + CODE_311,
                                      "_wasm": b"\0asn\1\0\0\0"})
    golden(root, "MDL063", MARSHAL, {"_long": b"\xe3" + b"\xff" * 30, "_text.txt": b"c is a letter\n"})
    golden(root, "MDL064", PACKAGES, {"_cab": b"MSCf" + bytes(32), "_iso": bytes(32768) + b"CD001\1"})
    golden(root, "MDL065", DOCUMENTS, {"_pdf.txt": b" about %PDF- files\n"})
    golden(root, "MDL066", DATA, {"_parquet.txt": b"PAR1 is the magic of Parquet\n",
                                  "_msgpack": b"\x82\xa6par\x01ms\x81" + bytes(8)})
    golden(root, "MDL070", SOURCE, {**PLAIN, **PYTHON})
    golden(root, "MDL071", {k + ".yaml": v for k, v in YAML.items()},
           {k + ".yaml": v for k, v in YAML_NEAR.items()})
    golden(root, "MDL072", {".pt": a_torch_zip(b"3\n\0\1\2")}, {".pt": a_torch_zip(b"3\n")})
    golden(root, "MDL073", {k if "." in k else k + ".html": v for k, v in MARKUP.items()},
           {k if "." in k else k + ".html": v for k, v in MARKUP_NEAR.items()})
    golden(root, "MDL074", CONFIG, CONFIG_NEAR)
    golden(root, "MDL075", TEMPLATE, TEMPLATE_NEAR)
    golden(root, "MDL080", CARVED_OTHER, {k: CARVED_NEAR[k] for k in ("gzip", "zip", "tar", "noise")})


def write_corpora(root):
    for name, groups in {
        "safetensors": {"y": SAFE, "n": SAFE_BROKEN,
                        "i": {r + k: v for r, c in SAFE_BAD.items() for k, v in c.items()}},
        "known": {"y": MEDIA, "i": {**MODELS, **DATA, **PROGRAMS, **BYTECODE, **DOCUMENTS,
                                    **{k: v for k, v in PACKAGES.items() if k != "iso"},
                                    **{"marshal" + k: v for k, v in MARSHAL.items()}}},
        "text": {"y": PLAIN, "n": NOT_TEXT,
                 "i": {**SOURCE, **PYTHON, **{"yaml" + k: v for k, v in {**YAML, **YAML_NEAR}.items()},
                       **{"config" + k: v for k, v in CONFIG.items()},
                       **{"template" + k: v for k, v in TEMPLATE.items()},
                       **{"markup" + k: v for k, v in MARKUP.items()}}},
        "carve": {"y": {**CARVED, **CARVED_OTHER}, "i": CARVED_NEAR},
    }.items():
        for letter, cases in groups.items():
            for key, data in cases.items():
                write(root, "fuzz", "corpus", name, f"{letter}_{key.replace(' ', '_')}", data=data)


if __name__ == "__main__":
    top = sys.argv[1] if len(sys.argv) > 1 else TESTS
    write_golden(top)
    write_corpora(top)
