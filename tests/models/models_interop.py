#!/usr/bin/env python3
"""The fixtures of models, written anew by the real libraries: the same verdicts as of those that
are committed.

Each tests/fixtures/make_NAME.py whose libraries are there is run in a folder of its own; a file
that the committed fixtures do not have must be admitted. The others are skipped: the pins of all
(in the makers' first lines) do not fit into one environment. TAP on standard output.

Usage: models_interop.py [NAME...]   PRATIQUE names the program; build/release/pratique without it
       MODELS_PYTHON names a Python with more libraries than this one
"""
import json
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FIXTURES = ROOT / "tests/fixtures"
PROGRAM = os.path.abspath(os.environ.get("PRATIQUE") or ROOT / "build/release/pratique")
PYTHON = os.environ.get("MODELS_PYTHON", sys.executable)
MAKER_SECONDS = 900


def makers(names):
    """make_benign.py is asked for by name alone: pickles of many versions, no models."""
    return [p for p in sorted(FIXTURES.glob("make_*.py"))
            if (p.stem[5:] in names if names else p.stem != "make_benign")]


def make(maker, folder):
    """Runs a copy of it, which writes beside itself, or where it runs. None, or why it failed."""
    own = folder / maker.stem[5:]
    own.mkdir()
    for other in FIXTURES.glob("make_*.py"):
        shutil.copy(other, folder)
    shutil.copytree(FIXTURES / "templates", folder / "templates")  # what make_gguf.py starts from
    try:
        done = subprocess.run([PYTHON, str(folder / maker.name)], cwd=own, text=True, check=False,
                              stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                              stderr=subprocess.PIPE, timeout=MAKER_SECONDS)
    except subprocess.TimeoutExpired:
        return "it did not end"
    for other in folder.glob("make_*.py"):
        other.unlink()
    for gone in ("templates", "__pycache__"):
        shutil.rmtree(folder / gone, ignore_errors=True)
    last = (done.stderr.strip().splitlines() or [""])[-1]
    return None if done.returncode == 0 else last or "status %d" % done.returncode


def verdicts(folder):
    """{path in the folder: verdict} of its files; what is said of a folder as a whole is left out."""
    done = subprocess.run([PROGRAM, "scan", "--format", "json", str(folder)], check=False, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return {os.path.relpath(a["path"], folder): a["verdict"]
            for a in json.loads(done.stdout)["artifacts"] if os.path.isfile(a["path"])}


def check(maker, committed):
    """What differs, as lines, and how many files there are; or None and why it is skipped."""
    with tempfile.TemporaryDirectory(prefix="fixtures-") as tmp:
        folder = pathlib.Path(tmp).resolve()
        why = make(maker, folder)
        if why and "No module named" in why:
            return None, why
        made = verdicts(folder)
    wrong = ["%s: %s, and not %s" % (name, verdict, committed.get(name, "admit"))
             for name, verdict in made.items() if verdict != committed.get(name, "admit")]
    return wrong + ([why] if why else []), len(made)


def main():
    committed = verdicts(FIXTURES)
    n = failed = 0
    for n, maker in enumerate(makers(sys.argv[1:]), 1):
        wrong, told = check(maker, committed)
        what = "%d - models: %s" % (n, maker.name)
        if wrong is None:
            print("ok %s # SKIP %s" % (what, told))
            continue
        failed += bool(wrong)
        print("".join("# %s\n" % line for line in wrong[:20]), end="")
        print("%sok %s: %s files" % ("not " if wrong else "", what, told), flush=True)
    print("1..%d" % n)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
