"""What the tests of the command line share: the program, small inputs, TAP."""

import contextlib
import json
import os
import pathlib
import pickle
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
# The same command line, with a watch that only pretends: tests/watch/stand_in.c.
STAND_IN = os.environ.get("PRATIQUE_STAND_IN", str(ROOT / "build/asan/stand_in"))

ADMIT, STOPPED, USAGE, UNDECIDED = 0, 1, 2, 3

# Harmless if run: they would print a word.
BENIGN = pickle.dumps({"weights": [1.0, 2.5], "name": "tiny"}, protocol=4)
HOSTILE = b"cos\nsystem\n(S'echo pratique-fixture'\ntR."
HELD = b"\x80\x02csome_package.module\nThing\n)\x81}X\x01\x00\x00\x00aK\x01sb."

_tests = []


class Skip(Exception):
    """What a test needs is not here."""


def test(fn):
    _tests.append(fn)
    return fn


def run(*args, cwd=None, stdin=b"", env=None, timeout=60, program=PROGRAM):
    """The finished process; stdout and stderr are bytes."""
    full = {k: v for k, v in os.environ.items() if k not in ("NO_COLOR", "COLUMNS")}
    full.update(env or {})
    return subprocess.run([program, *args], input=stdin, capture_output=True, cwd=cwd, env=full,
                          timeout=timeout)


def scan_json(*args, **kw):
    done = run("scan", "--format", "json", *args, **kw)
    return json.loads(done.stdout.decode("utf-8")), done


@contextlib.contextmanager
def folder(**files):
    """A temporary folder with these files: name=bytes, "_" in a name stands for "."."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as name:
        path = pathlib.Path(name)
        for file, content in files.items():
            (path / file.replace("_", ".")).write_bytes(content)
        yield path


def equal(got, want, what=""):
    assert got == want, f"{what}: got {got!r}, want {want!r}"


def main():
    bad = 0
    wanted = sys.argv[1:]
    for n, fn in enumerate(_tests, 1):
        if wanted and not any(w in fn.__name__ for w in wanted):
            continue
        try:
            fn()
            print(f"ok {n} - {fn.__name__}", flush=True)
        except Skip as e:
            print(f"ok {n} - {fn.__name__} # SKIP {e}", flush=True)
        except Exception as e:  # an assertion, or the program's trouble: all are failures
            bad += 1
            where = traceback.extract_tb(e.__traceback__)[-1]
            print(f"# {where.filename}:{where.lineno}: {type(e).__name__}: {str(e)[:2000]}")
            print(f"not ok {n} - {fn.__name__}", flush=True)
    print(f"1..{len(_tests)}")
    sys.exit(1 if bad else 0)
