#!/usr/bin/env python3
"""Writes the golden cases of the engine's rules: tests/golden/ENGnnn/{fire,near}*.

Those that no file can fire are listed in NOT_BY_FILE with the tests that do.
Nothing is random, times are fixed; the pickles only hold data.

Usage: make_engine.py [FOLDER]    FOLDER defaults to this file's own.
"""
import gzip
import io
import os
import sys
import zipfile

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = b"hello, hello, hello, hello\n"
PICKLE = b"\x80\x02}q\x00X\x01\x00\x00\x00aq\x01K\x01s."


def zipped(name, data):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        z.writestr(zipfile.ZipInfo(name, (2020, 1, 1, 0, 0, 0)), data)
    return out.getvalue()


def nested(levels):
    data = TEXT
    for i in range(levels):
        data = zipped(f"{i}.zip" if i else "text.txt", data)
    return data


def packed(data):
    return gzip.compress(data, 9, mtime=0)


# Bytes that are no text and of no format: each value once, from an odd start.
UNKNOWN = bytes((0xC1 + 7 * i) & 0xFF for i in range(256))

CASES = {
    "ENG001/fire-cut.gz": packed(TEXT * 40)[:-12],
    "ENG001/fire-bent.gz": packed(TEXT)[:12] + b"\xff\xff" + packed(TEXT)[14:],
    "ENG001/near.gz": packed(TEXT * 40),
    "ENG002/fire-depth.zip": nested(19),
    "ENG002/near-depth.zip": nested(12),
    "ENG004/fire.bin": UNKNOWN,
    "ENG004/fire-inside.zip": zipped("blob.bin", UNKNOWN),
    "ENG004/near.txt": TEXT,
    "ENG004/near-pickle.bin": PICKLE,
    "ENG005/fire.bin": b"",
    "ENG005/near.txt": b"\n",
    "ENG005/near-inside.zip": zipped("empty.txt", b""),
    "ENG012/fire-pickle-zip.bin": PICKLE + zipped("text.txt", TEXT),
    "ENG012/near-pickle-in-zip.zip": zipped("data.pkl", PICKLE),
    "ENG012/near-zip-in-gzip.gz": packed(zipped("text.txt", TEXT)),
    "ENG013/fire.gz": packed(TEXT) + b"something behind it",
    "ENG013/fire-pickle.pkl": PICKLE + b"\x00\xff something behind it",
    "ENG013/near.gz": packed(TEXT),
    "ENG013/near-two.pkl": PICKLE + PICKLE,
    "ENG014/fire.zip": b"something before it\n" + zipped("text.txt", TEXT),
    "ENG014/fire-unknown.zip": UNKNOWN + zipped("text.txt", TEXT),
    "ENG014/near.zip": zipped("text.txt", TEXT),
}

if __name__ == "__main__":
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    for name, content in CASES.items():
        path = os.path.join(folder, name)
        os.makedirs(os.path.dirname(path), exist_ok=True)
        with open(path, "wb") as f:
            f.write(content)
