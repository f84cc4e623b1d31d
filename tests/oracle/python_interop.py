#!/usr/bin/env python3
"""Our Python parser over the sources of popular wheels, and against other readers of newer grammar.

The wheels (python_wheels.txt) are downloaded with pip and never installed. For grammar that
the CPython here does not have: pyodide, which is CPython 3.14 under Node (npm), and ruff.

Usage: python_interop.py [CASES [SEED]]; PYPARSE names the built tool.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile
import zipfile

from _python import (ROOT, compare, cpython, grammar_cases, mutated, note, ok, ours, should_accept,
                     show, tree_differs, version)

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 20000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
BUILD = ROOT / "build"
PYODIDE = "pyodide@314.0.7"


# ---- wheels ----


def download():
    folder = BUILD / "python_wheels"
    folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, "-m", "pip", "download", "-q", "--disable-pip-version-check",
                    "--no-deps", "--only-binary", ":all:", "-d", str(folder),
                    "-r", str(ROOT / "tests/oracle/python_wheels.txt")], check=True)
    return sorted(folder.glob("*.whl"))


def sources_of(wheels):
    for wheel in wheels:
        with zipfile.ZipFile(wheel) as z:
            for name in z.namelist():
                if name.endswith(".py"):
                    yield f"{wheel.name}!/{name}", z.read(name)


def wheels():
    found = list(sources_of(download()))
    names, sources = [n for n, _ in found], [s for _, s in found]
    answers = ours(sources)
    both, strict, loose = compare(sources, answers)
    for i in strict + loose:
        note(names[i], answers[i])
    ok(len(names) >= 10000 and len(answers) == len(names),
       f"{len(names)} files of wheels, {sum(map(len, sources)) / 1e6:.0f} MB")
    ok(not strict, f"what CPython {version()} compiles we parse", f"{both} agree")
    ok(not loose, "what it refuses we refuse", f"{len(loose)} differ")
    return names, sources


def trees(names, sources):
    some = [i for i, s in enumerate(sources) if len(s) < 60000][::20]
    wrong = compared = 0
    for i, answer in zip(some, ours([sources[i] for i in some], "--dump")):
        if answer[0] != "ok" or not cpython(sources[i]):
            continue
        compared += 1
        differ = tree_differs(sources[i], answer[1:])
        if differ:
            wrong += 1
            note(names[i], *differ[:3])
    ok(not wrong, f"trees of {compared} files are those of ast")


# ---- newer grammar ----


def pyodide_folder():
    """Where pyodide is, installed for this; None without Node."""
    if not shutil.which("npm") or not shutil.which("node"):
        return None
    folder = BUILD / "pyodide"
    if not (folder / "node_modules/pyodide").is_dir():
        done = subprocess.run(["npm", "install", "--silent", "--no-audit", "--no-fund", "--prefix",
                               str(folder), PYODIDE])
        if done.returncode:
            return None
    return folder / "node_modules/pyodide"


def pyodide_verdicts(folder, sources):
    script = pathlib.Path(__file__).with_name("pyodide_verdict.mjs")
    done = subprocess.run(["node", str(script), str(folder)], input=json.dumps(sources).encode(),
                          capture_output=True, check=True)
    answer = json.loads(done.stdout)
    return tuple(answer["version"]), answer["verdicts"]


def texts(sources):
    for s in sources:
        try:
            yield s.decode()
        except UnicodeDecodeError:
            pass


def against_pyodide():
    folder = pyodide_folder()
    if not folder:
        print("ok - pyodide # SKIP no Node, or no network")
        return
    cases = grammar_cases()
    release, verdicts = pyodide_verdicts(folder, [s for _, s in cases])
    wrong = [f"{head}: {source!r}: {v}" for (head, source), v in zip(cases, verdicts)
             if (v == "ok") != should_accept(head, release)]
    for line in wrong[:20]:
        note(line)
    ok(not wrong, f"{len(cases)} cases by hand are as CPython {release} has them")

    some = list(texts(mutated(SEED, CASES, [s.encode() for _, s in cases])))
    _, verdicts = pyodide_verdicts(folder, some)
    answers = ours([s.encode() for s in some])
    strict = [i for i, v in enumerate(verdicts) if v == "ok" and answers[i] != "ok"]
    loose = [i for i, v in enumerate(verdicts)
             if v not in ("ok", "?") and answers[i] == "ok" and not cpython(some[i].encode())]
    show([s.encode() for s in some], answers, strict, "CPython accepts")
    ok(not strict, f"{len(some)} mutated cases: what CPython {release} compiles we parse")
    share = 1 - len(loose) / len(some)
    ok(share >= 0.995, "mutated cases: refused as by it or the CPython here", f"{100 * share:.3f}%")


def against_ruff():
    """What ruff parses as 3.14 of the cases that we accept."""
    ruff = pathlib.Path(sys.executable).with_name("ruff")
    good = [s for head, s in grammar_cases() if should_accept(head, (3, 14))]
    with tempfile.TemporaryDirectory() as folder:
        for i, source in enumerate(good):
            (pathlib.Path(folder) / f"{i:04}.py").write_text(source, encoding="utf-8")
        done = subprocess.run([str(ruff), "check", "--no-cache", "--isolated", "--quiet",
                               "--select", "E902", "--target-version", "py314",
                               "--output-format", "json", folder], capture_output=True)
    bad = {pathlib.Path(e["filename"]).name for e in json.loads(done.stdout)
           if e["code"] in (None, "invalid-syntax")}
    for name in sorted(bad)[:10]:
        note("ruff refuses", repr(good[int(name[:4])]))
    note(f"ruff refuses {len(bad)} of {len(good)} cases that CPython 3.14 accepts")
    ok(len(bad) <= len(good) // 20, f"{len(good)} cases by hand: ruff agrees on nearly all",
       f"{len(bad)} differ")


def main():
    names, sources = wheels()
    trees(names, sources)
    against_pyodide()
    against_ruff()


main()
