#!/usr/bin/env python3
"""The thirty wheels of bench/wheels.txt, and the Python sources in them.

They are fetched once, pinned by hash, into build/bench/wheels, whatever the Python and
the machine; their .py files are unpacked into build/bench/sources/NAME-VERSION. As a
program it prints the packages with their files and bytes of source.
"""
import glob
import hashlib
import os
import shutil
import subprocess
import sys
import zipfile

from common import BUILD, HERE, table

WHEELS = os.path.join(BUILD, "wheels")
SOURCES = os.path.join(BUILD, "sources")
SAMPLE = os.path.join(BUILD, "sources-sample")
LIST = os.path.join(HERE, "wheels.txt")
PLATFORMS = ("manylinux2014_x86_64", "manylinux_2_27_x86_64", "manylinux_2_28_x86_64")


def pins():
    with open(LIST) as f:
        return sum("==" in line for line in f)


def wheels():
    """The paths of the wheels, fetched if they are not all here."""
    found = sorted(glob.glob(os.path.join(WHEELS, "*.whl")), key=str.lower)
    if len(found) != pins():
        shutil.rmtree(WHEELS, ignore_errors=True)
        platforms = [word for name in PLATFORMS for word in ("--platform", name)]
        subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--no-deps",
                        "--only-binary", ":all:", "--require-hashes", "--python-version", "3.11",
                        "--implementation", "cp", *platforms, "-d", WHEELS, "-r", LIST], check=True)
        found = sorted(glob.glob(os.path.join(WHEELS, "*.whl")), key=str.lower)
    assert len(found) == pins(), f"{len(found)} wheels in {WHEELS}, but {pins()} in {LIST}"
    return found


def package_of(wheel):
    return "-".join(os.path.basename(wheel).split("-")[:2])


def unpack(wheel, folder):
    with zipfile.ZipFile(wheel) as z:
        for name in z.namelist():
            if name.endswith(".py"):
                z.extract(name, folder)


def sources():
    """The folder with the unpacked sources."""
    for wheel in wheels():
        folder = os.path.join(SOURCES, package_of(wheel))
        if not os.path.exists(folder):
            unpack(wheel, folder + ".new")
            os.rename(folder + ".new", folder)
    return SOURCES


def files_in(folder):
    """The files below, in a fixed order."""
    return sorted(os.path.join(top, name) for top, _, names in os.walk(folder) for name in names)


def size_of(folder):
    return sum(os.path.getsize(path) for path in files_in(folder))


def sample(one_in=20):
    """A folder with one file in so many, always the same ones: for the tools that take minutes."""
    if not os.path.exists(SAMPLE):
        top = sources()
        for path in files_in(top):
            inner = os.path.relpath(path, top)
            if int(hashlib.sha256(inner.encode()).hexdigest(), 16) % one_in == 0:
                to = os.path.join(SAMPLE + ".new", inner)
                os.makedirs(os.path.dirname(to), exist_ok=True)
                os.link(path, to)
        os.rename(SAMPLE + ".new", SAMPLE)
    return SAMPLE


def list_table():
    rows, files, total = [], 0, 0
    for wheel in wheels():
        inner = files_in(os.path.join(sources(), package_of(wheel)))
        size = sum(map(os.path.getsize, inner))
        rows.append([package_of(wheel).replace("-", " "), f"{len(inner):,}", f"{size:,}"])
        files, total = files + len(inner), total + size
    rows.append([f"{len(rows)} packages", f"{files:,}", f"{total:,}"])
    return table("The sources: unpacked .py files of 30 wheels", ["package", "files", "bytes"], rows)


if __name__ == "__main__":
    print(list_table())
