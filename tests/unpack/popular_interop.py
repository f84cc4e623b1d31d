#!/usr/bin/env python3
"""Admits what everybody installs: wheels and sdists of tests/unpack/popular.txt, fetched as they
are now, must all come through, and be what unzip and tar make of them. TAP.

    popular_interop.py [FOLDER]

FOLDER (default build/interop/popular) keeps what was fetched, some 200 MB. The question is the
archive alone: the policy archive. PRATIQUE names the program.
"""
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

import trees

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PRATIQUE = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
SECONDS = 300


def fetched(folder):
    lines = [x for x in (HERE / "popular.txt").read_text().splitlines() if x and x[0] != "#"]
    done = subprocess.run([sys.executable, str(HERE / "fetch.py"), str(folder)],
                          input="\n".join(lines) + "\n", stdout=subprocess.PIPE, text=True)
    if done.returncode:
        sys.exit("Bail out! fetching ended with %d" % done.returncode)
    for line in done.stdout.splitlines():
        if line.startswith("#"):
            print(line)
        else:
            yield pathlib.Path(line)


def reference(path, folder):
    """Unpacked by the usual tool."""
    folder.mkdir()
    if path.suffix in (".whl", ".zip"):
        command = ["unzip", "-q", str(path), "-d", str(folder)]
    else:
        command = ["tar", "-xf", str(path), "-C", str(folder), "--no-same-owner"]
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL, timeout=SECONDS)
    return trees.on_disk(folder)


def fault(path, top):
    target = top / "to"
    done = subprocess.run([PRATIQUE, "admit", "--quiet", "--policy", "archive", str(path), "--to",
                           str(target)], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SECONDS)
    if done.returncode:
        return "ended with %d: %s" % (done.returncode,
                                      (done.stdout + done.stderr).decode(errors="replace")[:300])
    bad = trees.modes(target) + trees.differences(reference(path, top / "usual"), trees.on_disk(target))
    return "; ".join(bad[:4]) or None


def main():
    folder = pathlib.Path(sys.argv[1]) if len(sys.argv) > 1 else ROOT / "build/interop/popular"
    n = bad = 0
    for path in fetched(folder):
        n += 1
        top = pathlib.Path(tempfile.mkdtemp(prefix="pratique-test-"))
        try:
            why = fault(path, top)
        except (subprocess.SubprocessError, OSError, ValueError) as e:
            why = str(e)
        shutil.rmtree(top, ignore_errors=True)
        bad += bool(why)
        print("%s%s %d - %s" % ("# %s\n" % why if why else "", "not ok" if why else "ok", n, path.name),
              flush=True)
    print("1..%d" % n)
    sys.exit(1 if bad or n < 100 else 0)


if __name__ == "__main__":
    main()
