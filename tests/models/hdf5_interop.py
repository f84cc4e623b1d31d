#!/usr/bin/env python3
"""What our reader comes across in HDF5 files beside what h5py visits in them.

Files are made by h5py from a seed: groups, links of every kind, attributes few and many, datasets,
in each version of the format. For each, the objects (by address), the links of every group and the
attributes of every object must be the same. A scan of the built program must admit those without
links to other files, and hold or refuse those with.

Usage: hdf5_interop.py [FILES [SEED]]; PRATIQUE_HDF5 names the built tests/oracle/hdf5, PRATIQUE the
program
"""
import json
import os
import random
import subprocess
import sys
import tempfile
import time

import h5py
import numpy as np

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
READER = os.environ.get("PRATIQUE_HDF5", os.path.join(ROOT, "build/asan/hdf5"))
PROGRAM = os.environ.get("PRATIQUE", os.path.join(ROOT, "build/release/pratique"))
OPTIONS = [{"libver": "earliest"}, {"libver": "latest"}, {"libver": ("v108", "v108")},
           {"libver": "latest", "track_order": True}, {"libver": "earliest", "track_order": True},
           {"libver": "latest", "userblock_size": 512}, {"libver": "earliest", "fs_strategy": "page"},
           {"libver": "v110"}]


def value(r):
    return r.choice([
        lambda: r.randrange(100), lambda: 1.5, lambda: "text" * r.randrange(300), lambda: b"fixed",
        lambda: np.arange(r.randrange(1, 50)), lambda: np.void(b"opaque bytes"),
        lambda: np.array([b"a", b"bcd"]), lambda: h5py.Empty("f4"), lambda: True,
        lambda: np.array(["x", "y" * r.randrange(50)], dtype=h5py.string_dtype())])()


def dataset(r, group, name):
    n = r.randrange(1, 400)
    data = r.choice([
        lambda: np.arange(n, dtype="f4"), lambda: np.arange(n, dtype="u1"),
        lambda: np.array([b"%d" % i for i in range(n)]),
        lambda: np.zeros((n, 3), "i8"), lambda: np.array([[b"a", b"b"]] * n),
        lambda: np.zeros(n, dtype=[("a", "f4"), ("s", "S8")])])()
    options = {}
    if r.random() < 0.6:
        options["chunks"] = tuple(max(1, d // r.randrange(1, 9)) for d in data.shape)
        options["maxshape"] = tuple(r.choice([None, d, d * 2]) for d in data.shape)
        options["compression"] = r.choice([None, "gzip", "lzf"])
        options["shuffle"] = r.random() < 0.5
        options["fletcher32"] = r.random() < 0.3
    made = group.create_dataset(name, data=data, **options)
    for i in range(r.choice([0, 0, 1, 3, 12])):
        made.attrs["a%d" % i] = value(r)


def fill(r, group, depth, outside):
    for i in range(r.choice([0, 2, 9, 40])):
        name = "%s %d" % (r.choice(["a", "name", "über", "n" * 60]), i)
        kind = r.random()
        if kind < 0.25 and depth > 0:
            fill(r, group.create_group(name), depth - 1, outside)
        elif kind < 0.6:
            dataset(r, group, name)
        elif kind < 0.7:
            group[name] = h5py.SoftLink("/a/b" * r.randrange(1, 5))
        elif kind < 0.75 and outside:
            group[name] = h5py.ExternalLink("other.h5", "/x")
        elif kind < 0.85:
            group[name] = group
        elif kind < 0.9:
            group[name] = np.dtype([("a", "S4"), ("b", "f8")])
        else:
            group.create_group(name)
    for i in range(r.choice([0, 1, 7, 30])):
        group.attrs["attr %d" % i] = value(r)


def make(r, path):
    outside = r.random() < 0.3
    with h5py.File(path, "w", **r.choice(OPTIONS)) as f:
        fill(r, f, 3, outside)
    return outside


def visit(path):
    """{(kind, address, name, address of what it leads to)} by h5py."""
    got, left = set(), []
    with h5py.File(path, "r") as f:
        def add(addr, obj):
            if ("object", addr, b"", 0) not in got:
                got.add(("object", addr, b"", 0))
                left.append((addr, obj))

        add(h5py.h5o.get_info(f.id).addr, f)
        while left:
            addr, obj = left.pop()
            for i in range(h5py.h5a.get_num_attrs(obj.id)):
                name = h5py.h5a.open(obj.id, index=i).name
                got.add(("attribute", addr, name, 0))
            if not isinstance(obj, h5py.Group):
                continue
            names = []
            obj.id.links.iterate(names.append)
            for raw in names:
                info = obj.id.links.get_info(raw)
                kind = {0: "hard", 1: "soft", 64: "external"}[info.type]
                to = h5py.h5o.get_info(obj.id, raw).addr if kind == "hard" else 0
                got.add((kind, addr, raw, to))
                if kind == "hard":
                    add(to, obj[raw])
    return got


def read(paths):
    done = subprocess.run([READER], input="\n".join(paths) + "\n", capture_output=True, text=True,
                          check=True)
    answers, facts = [], set()
    for line in done.stdout.splitlines():
        if line.startswith(". "):
            answers.append((line[2:].strip(), facts))
            facts = set()
        else:
            kind, addr, name, to = line.split("\t")
            facts.add((kind, int(addr), bytes.fromhex(name), int(to)))
    return answers


def scan(folder):
    done = subprocess.run([PROGRAM, "scan", "--format", "json", folder], capture_output=True,
                          text=True, check=False)
    return {os.path.basename(a["path"]): a for a in json.loads(done.stdout)["artifacts"]}


def linear(folder):
    """Seconds for ten times as many datasets, over the seconds for one time."""
    times = []
    for n in (2000, 20000):
        path = os.path.join(folder, "many_%d.h5" % n)
        with h5py.File(path, "w", libver="latest") as f:
            for i in range(n):
                f["d%06d" % i] = np.float32(i)
        start = time.monotonic()
        subprocess.run([PROGRAM, "scan", path], capture_output=True, check=False)
        times.append(time.monotonic() - start)
    return times[1] / max(times[0], 0.005)


def main():
    n = int(sys.argv[1]) if len(sys.argv) > 1 else 120
    r = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 8)
    failed = 0
    with tempfile.TemporaryDirectory() as d:
        paths = [os.path.join(d, "%04d.h5" % i) for i in range(n)]
        outside = [make(r, path) for path in paths]
        for path, (status, facts) in zip(paths, read(paths)):
            want = visit(path)
            if facts != want or status != "ok":
                failed += 1
                print("# %s: %s: missing %s, too many %s" % (
                    path, status, sorted(want - facts)[:5], sorted(facts - want)[:5]))
        print("%sok 1 - hdf5: %d files, the same objects, links and attributes as h5py" % (
            "not " if failed else "", n))
        odd = []
        reports = scan(d)
        for path, out in zip(paths, outside):
            report = reports[os.path.basename(path)]
            with open(path, "rb") as f:
                has = out and b"other.h5" in f.read()
            if (report["verdict"] == "admit") == has:
                odd.append((path, report["verdict"], report["findings"][:2]))
        print("%sok 2 - hdf5: %d files admitted, or not where they lead to others" % (
            "not " if odd else "", n))
        for line in odd[:10]:
            print("# %s %s %s" % line)
        ratio = linear(d)
        print("%sok 3 - hdf5: ten times the datasets in %.1f times the time" % (
            "not " if ratio > 25 else "", ratio))
    print("1..3")
    return 1 if failed or odd or ratio > 25 else 0


if __name__ == "__main__":
    sys.exit(main())
