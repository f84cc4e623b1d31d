#!/usr/bin/env python3
"""What JSON is, as Python's own json module has it: thousands of texts, most of them a little broken.

A text of the name x.json that does not parse is told so (MDL254, or that it is too deep); it must
be told of exactly those that json.loads() refuses. TAP on standard output.

Usage: doc_interop.py [N]    PRATIQUE names the program; build/release/pratique without it
"""
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.path.abspath(os.environ.get("PRATIQUE") or ROOT / "build/release/pratique")
SEEDS = [
    b'{"a": [1, -2.5e10, 0, true, false, null, "x\\u0041\\n"], "b": {"c": {}, "d": []}}',
    b'["\\ud83d\\ude00", "\xc3\xa9", "\\/\\b\\f\\r\\t\\\\\\"", NaN, Infinity, -Infinity, 1E+2, 0.1]',
    b'  [ [ [ ] ] , { } , { "a" : { "b" : [ "c" ] } } ]  \r\n',
    b'{"a": 1, "a": 2, "": "", "\\u0061": 3}',
    b'[-0, -0.0, 10, 1e1, 1E-1, "\x7f"]',
]
PIECES = [b",", b":", b"{", b"}", b"[", b"]", b'"', b"\\", b"0", b"-", b"+", b".", b"e", b"1", b" ",
          b"\t", b"\n", b"null", b"true", b"NaN", b"\\u12", b"\\ud800", b"//", b"'", b"\x0b",
          b"\xc2\xa0", b"\xef\xbb\xbf", b"\\x41", b"Infinity", b"\x1f"]


def mutate(rng, text):
    text = bytearray(text)
    for _ in range(rng.randrange(4)):
        at = rng.randrange(len(text) + 1)
        kind = rng.randrange(4)
        if kind == 0:
            text[at:at] = rng.choice(PIECES)
        elif kind == 1:
            del text[at:at + rng.randrange(1, 4)]
        elif kind == 2:
            text[at:at + 1] = rng.choice(PIECES)
        else:
            other = rng.choice(SEEDS)
            start = rng.randrange(len(other))
            text[at:at] = other[start:start + rng.randrange(1, 9)]
    return bytes(text)


def python_takes(text):
    try:
        json.loads(text)
    except (ValueError, RecursionError):
        return False
    return True


def is_ours(text):
    """Texts that are taken for JSON at all: an object or an array, no control characters outside."""
    body = text[3:] if text.startswith(b"\xef\xbb\xbf") else text
    return body.strip(b" \t\r\n")[:1] in (b"{", b"[") and all(
        c >= 32 or c in b"\t\n\r\x0b\x0c" for c in text)


def main():
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
    rng = random.Random(7)
    texts = [t for t in (mutate(rng, rng.choice(SEEDS)) for _ in range(count)) if is_ours(t)]
    with tempfile.TemporaryDirectory() as folder:
        for i, text in enumerate(texts):
            pathlib.Path(folder, "%d.json" % i).write_bytes(text)
        done = subprocess.run([PROGRAM, "scan", "--format", "json", folder], capture_output=True,
                              check=False)
        reports = json.loads(done.stdout)["artifacts"]
    bad = 0
    for report in reports:
        name = pathlib.Path(report["path"])
        if name.suffix != ".json":
            continue
        text = texts[int(name.stem)]
        told = any(f["rule"]["id"] in ("MDL254", "ENG001", "ENG004") if isinstance(f["rule"], dict)
                   else f["rule"] in ("MDL254", "ENG001", "ENG004") for f in report["findings"])
        if told == python_takes(text):
            bad += 1
            print("# Python %s it: %r" % ("takes" if told else "refuses", text))
    print("%sok 1 - doc: %d texts as Python's json has them" % ("not " if bad else "", len(texts)))
    print("1..1")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
