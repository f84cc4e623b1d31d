#!/usr/bin/env python3
"""Makes tests/fuzz/corpus/wire: answers of workers, as src/scan/wire.h has them."""

import pathlib
import struct

OUT = pathlib.Path(__file__).resolve().parent / "corpus" / "wire"


def text(s):
    return struct.pack("<H", len(s)) + s


def where(parent, name):
    return b"W" + struct.pack("<I", parent) + text(name)


def fact(kind, place, subject=b"", detail=b"", refs=(), refs_n=None, offset=0, count=1, number=0):
    return (b"F" + struct.pack("<HIIQIIQQ", kind, 0, place, offset, 1, 1, count, number)
            + text(subject) + text(detail)
            + struct.pack("<I", len(refs) if refs_n is None else refs_n) + b"".join(map(text, refs)))


def end(flags=0, work=10, name=b"pickle"):
    return b"E" + struct.pack("<IQQQ", flags, work, 5, 0) + bytes(32) + text(name)


ROOT = where(0, b"path")
CASES = {
    "y_one_fact": ROOT + fact(0, 1, b"pickle", b"protocol 4") + end(),
    "y_nested": ROOT + where(1, b"a.zip") + where(2, b"b.pkl") + fact(0, 3) + fact(1, 1) + end(2),
    "y_refs": ROOT + fact(1, 1, b"os.system", b'("x")', [b"a.b"] * 8, 12) + end(),
    "y_lost": end(1),
    "y_unprintable": ROOT + where(1, b"\x1b[0m\xff\n") + fact(0, 2, b"\x00\xe2\x80\xae") + end(),
    "y_long_text": ROOT + fact(0, 1, b"x" * 2000, b"\xff" * 400) + end(name=b"\x01" * 600),
    "n_empty": b"",
    "n_no_facts": end(),
    "n_no_end": ROOT + fact(0, 1),
    "n_place_to_come": ROOT + fact(0, 2) + end(),
    "n_kind": ROOT + fact(65535, 1) + end(),
    "n_two_roots": ROOT + ROOT + fact(0, 1) + end(),
    "n_flags": ROOT + fact(0, 1) + end(0x80),
    "n_after_the_end": ROOT + fact(0, 1) + end() + b"W",
    "n_deep": ROOT + b"".join(where(i, b"d") for i in range(1, 90)) + fact(0, 90) + end(),
    "n_text_past_the_end": ROOT + b"F" + bytes(46) + b"\xff\xff",
    "i_many_places": ROOT + where(1, b"x") * 300 + fact(0, 250) + end(),
    "i_job": struct.pack("<IIQII", 0x31515250, 1, 1 << 41, 1, 4) + b"name",
    "i_frame": struct.pack("<III", 0x31515250, 7, 0xffffffff),
    "i_hello": (b"\x01" + b"detail".ljust(120, b"\0")) * 5,
}

if __name__ == "__main__":
    OUT.mkdir(parents=True, exist_ok=True)
    for name, content in CASES.items():
        (OUT / name).write_bytes(content)
