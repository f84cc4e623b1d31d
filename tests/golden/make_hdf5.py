#!/usr/bin/env python3
"""Writes the golden cases of MDL140 to MDL143 with the writer of tests/models/hdf5.py.

Usage: make_hdf5.py [FOLDER]    FOLDER defaults to this file's
"""
import os
import struct
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "models"))
import hdf5 as h5  # noqa: E402


def chunked(rows, columns):
    """A dataset in chunks that were never written."""
    return h5.with_dataset(h5.FLOAT, h5.shape(rows, columns), (8, b"\4\2\0\3\4" + struct.pack(
        "<III", 64, 64, 4) + b"\2" + struct.pack("<Q", h5.NOWHERE)))


CASES = {
    "MDL140": ({"link": h5.File().finish(h5.external(b"w", b"other.h5")),
                "storage": h5.external_storage(b"weights.bin"), "virtual": h5.virtual(b"other.h5")},
               {"soft": h5.File().finish(h5.soft(b"w", b"other.h5")), "self": h5.virtual(b"."),
                "text": h5.File().finish(h5.string(b"w", b"other.h5"))}),
    "MDL141": ({"": h5.File().finish(h5.user(b"w", 65, b"x"))},
               {"external": h5.File().finish(h5.external(b"w", b"other.h5")),
                "soft": h5.File().finish(h5.soft(b"w", b"x"))}),
    "MDL142": ({"bytes": h5.filtered(b"abcdefgh", 32001), "text": h5.filtered(
        b"abcdefgh", 6, kind=h5.text(1))},
               {"gzip": h5.filtered(b"abcdefgh", 1), "image": h5.filtered(
                   bytes(3072), 32001, dims=(32, 32, 3))}),
    "MDL143": ({"": chunked(2**16, 2**16)}, {"small": chunked(2**13, 2**13)}),
}


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else HERE
    for rule, (fire, near) in CASES.items():
        os.makedirs(os.path.join(root, rule), exist_ok=True)
        for word, files in (("fire", fire), ("near", near)):
            for name, data in files.items():
                path = os.path.join(root, rule, word + ("_" + name if name else "") + ".h5")
                with open(path, "wb") as f:
                    f.write(data)


if __name__ == "__main__":
    main()
