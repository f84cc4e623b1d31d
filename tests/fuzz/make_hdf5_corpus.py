#!/usr/bin/env python3
"""Writes tests/fuzz/corpus/hdf5: the small files of tests/models/hdf5.py and of its fixtures.

y_h5py_* in that folder are by h5py 3.14, one structure each: dense links, dense attributes (one of
them huge), fixed and extensible arrays of chunks, paged or not, a v2 B-tree, the old forms.

Usage: make_hdf5_corpus.py [FOLDER]
"""
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
sys.path.insert(0, os.path.join(HERE, "..", "models"))
import hdf5  # noqa: E402

MOST = 6000  # bytes of one


def main():
    root = sys.argv[1] if len(sys.argv) > 1 else os.path.join(HERE, "corpus/hdf5")
    os.makedirs(root, exist_ok=True)
    for prefix, cases in (("i_", hdf5.bad()), ("y_", hdf5.good())):
        for name, data, ids, _ in cases:
            if len(data) <= MOST:
                broken = "ENG001" in ids
                name = ("n_" if broken else prefix) + os.path.splitext(name)[0]
                with open(os.path.join(root, name), "wb") as f:
                    f.write(data)


if __name__ == "__main__":
    main()
