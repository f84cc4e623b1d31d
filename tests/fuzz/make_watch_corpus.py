#!/usr/bin/env python3
"""Makes tests/fuzz/corpus/watch: events as src/watch/event.h has them, one of each kind and more."""

import pathlib
import re
import struct

HERE = pathlib.Path(__file__).resolve().parent
OUT = HERE / "corpus" / "watch"
KINDS = re.findall(r"^EVENT\((\w+),", (HERE.parent.parent / "src/fact/events.def").read_text(), re.M)


def text(s):
    return struct.pack("<H", len(s)) + s


def event(kind, subject=b"", detail=b"", frames=b"", flags=0, number=0, pid=3, time=1000):
    body = struct.pack("<HIQIIQ", KINDS.index(kind), flags, time, pid, 1, number)
    body += text(subject) + text(detail) + text(frames)
    return struct.pack("<I", len(body)) + body


FRAMES = b"/opt/venv/lib/python3.11/site-packages/x/__init__.py:3 f\n/usr/lib/python3.11/y.py:9 g"
DONE = event("DONE", b"wheel")
CASES = {
    "y_done": DONE,
    "y_connect": event("CONNECT", b"tcp 192.0.2.1:443", frames=FRAMES) + DONE,
    "y_lookup": event("LOOKUP", b"a" * 60 + b".example.org", b"A") + DONE,
    "y_exec": event("EXEC", b"/usr/bin/curl", b"curl -s http://example.org/x", FRAMES) + DONE,
    "y_shell": event("EXEC", b"/bin/sh", b"sh -c 'uname -p; ldconfig -p 2>/dev/null'") + DONE,
    "y_left": event("LEFT", b"/home/alex/.bashrc", b"#!/bin/sh", flags=1 << 24 | 1 << 4, number=9) + DONE,
    "y_long": event("OPEN", b"x" * 1024, b"y" * 2048, b"z" * 4096) + DONE,
    "y_unprintable": event("OUTPUT", b"\x1b[31m\xff\x00", b"\xe2\x80\xae\n\n\n", b"\n\n:\n:1 \n") + DONE,
    "y_frames": event("OPEN", b"/tmp/x", frames=b"a:1 b\n" * 600) + DONE,
    "n_no_end": event("START", b"python"),
    "n_empty": b"",
    "n_cut": DONE[:-3],
    "n_length": b"\xff\xff\xff\xff" + DONE,
    "n_kind": struct.pack("<IHIQIIQHHH", 36, 65535, 0, 0, 0, 0, 0, 0, 0, 0),
    "n_setup": event("SETUP", b"the environment", b"no space") + DONE,
}
for kind in KINDS:
    CASES["y_kind_" + kind.lower()] = event(kind, b"subject", b"detail", FRAMES, 0xffffffff, 5) + DONE

OUT.mkdir(parents=True, exist_ok=True)
for name, data in CASES.items():
    (OUT / name).write_bytes(data)
