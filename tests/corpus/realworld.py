#!/usr/bin/env python3
"""Real pickles, as packages ship them: found in folders and archives already at hand.

    realworld.py --out FOLDER [--trust PACKAGE]... PATH...

PATH: an installed site-packages, a wheel, an sdist

Copies out every file that pickletools reads to a STOP, after undoing one layer
of gzip, bz2, xz or zlib, and every .npy, .npz and torch zip; each once, by
content. Then scans FOLDER (PRATIQUE_BIN) and tells, for each package, how many
were held and which names they hold that the program does not know. Nothing is
fetched and nothing is loaded; the files stay out of the repository.
"""
import argparse
import bz2
import collections
import gzip
import hashlib
import io
import lzma
import os
import pickletools
import re
import sys
import tarfile
import zipfile
import zlib

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

LIMIT = 64 << 20
ARCHIVES = (".whl", ".zip", ".tar.gz", ".tgz", ".tar.bz2", ".tar", ".egg")
SKIP = (".py", ".pyc", ".so", ".pyi", ".h", ".txt", ".md", ".rst", ".html", ".js", ".css", ".json",
        ".png", ".svg", ".c", ".cpp", ".pyx", ".pxd", ".cuh", ".hpp", ".a", ".o", ".dll", ".exe")


def members(path):
    """(name, bytes) of every file under a folder or in an archive."""
    if os.path.isdir(path):
        for base, folders, files in os.walk(path):
            folders.sort()
            for f in sorted(files):
                full = os.path.join(base, f)
                if not f.endswith(SKIP) and os.path.isfile(full) and os.path.getsize(full) < LIMIT:
                    with open(full, "rb") as data:
                        yield os.path.relpath(full, path), data.read()
    elif path.endswith((".whl", ".zip", ".egg")):
        with zipfile.ZipFile(path) as z:
            for i in z.infolist():
                if not i.is_dir() and i.file_size < LIMIT and not i.filename.endswith(SKIP):
                    yield i.filename, z.read(i)
    else:
        with tarfile.open(path) as t:
            for i in t:
                if i.isfile() and i.size < LIMIT and not i.name.endswith(SKIP):
                    yield i.name, t.extractfile(i).read()


def unwrap(data):
    yield data
    for opener in (gzip.decompress, bz2.decompress, lzma.decompress, zlib.decompress):
        try:
            yield opener(data)
        except Exception:
            pass


def is_pickle(data):
    if len(data) < 4 or data[:1] not in b"\x80(]}cIFLNVS)lXU":
        return False
    n = 0
    try:
        for op, _arg, _pos in pickletools.genops(io.BytesIO(data)):
            n += 1
    except Exception:
        return b"numpy_pickle" in data[:4096]     # joblib's inlined arrays break the walk
    return n >= 3


def wanted(name, data):
    if data[:6] == b"\x93NUMPY":
        return True
    if data[:4] == b"PK\x03\x04":
        return name.endswith((".npz", ".pt", ".pth", ".bin", ".skops", ".keras"))
    return any(is_pickle(d) for d in unwrap(data))


def collect(paths, out):
    seen, kept = set(), []
    os.makedirs(out, exist_ok=True)
    for path in paths:
        for name, data in members(path):
            digest = hashlib.sha256(data).hexdigest()[:10]
            if digest in seen or not wanted(name, data):
                continue
            seen.add(digest)
            file = re.sub(r"[^A-Za-z0-9.+-]", "_", name)[-120:]
            file = "%s-%s" % (digest, file)
            with open(os.path.join(out, file), "wb") as f:
                f.write(data)
            kept.append((file, name.split("/")[0] if os.path.isdir(path) else
                         os.path.basename(path)))
    return kept


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--out", required=True)
    p.add_argument("--trust", action="append", default=[])
    p.add_argument("paths", nargs="+")
    a = p.parse_args()
    kept = collect(a.paths, a.out)
    import run
    reports = run.scan(a.out, *[x for t in a.trust for x in ("--trust-classes", t)])
    verdicts, unknown = collections.Counter(), collections.defaultdict(collections.Counter)
    for file, package in kept:
        got = reports.get(file)
        verdict = got["verdict"] if got else "missing"
        verdicts[verdict] += 1
        if verdict != "admit":
            print("%s\t%s\t%s" % (verdict, file, run.why(got)))
        for f in (got or {"findings": []})["findings"]:
            if f["rule"] in ("PKL020", "PKL021"):
                unknown[package][f["subject"]] += 1
    print("# %d files: %s" % (len(kept), ", ".join("%d %s" % (n, v)
                                                  for v, n in verdicts.most_common())))
    for package in sorted(unknown):
        print("# %s: %s" % (package, " ".join(sorted(unknown[package]))))


if __name__ == "__main__":
    main()
