#!/usr/bin/env python3
"""What compiles ahead of a watch (src/watch/compiler.py), under every Python that is here."""

import os
import pathlib
import subprocess
import tempfile

from _pythons import PYTHONS
from _tap import ROOT, equal, main, test

COMPILER = ROOT / "src/watch/compiler.py"
BOMB = "open({!r}, 'w').close()\n"
FILES = {
    "a/__init__.py": "from . import b, c as d\nfrom .e import (f,\n    g)\nimport os, h.i as j\n",
    "a/b.py": "x = 1\n",
    "a/c.py": "try:\n    from . import optional\nexcept ImportError:\n    pass\n",
    "a/optional.py": "",
    "a/e/__init__.py": "from ..k import *\n",
    "a/e/f.py": "def later():\n    import a.lazy\n",
    "a/e/g.py": "(((\n",
    "a/k.py": "import a\n",
    "a/lazy.py": "",
    "h/__init__.py": "",
    "h/i.py": "import no_such_module\nimport h.after\n",
    "h/after.py": "",
    "other.py": "",
}
FIRST = ["a/__init__", "a/b", "a/c", "a/e/__init__", "a/e/f", "a/k", "h/__init__", "h/i"]


def compiled(python, top, names, *, complete="complete"):
    subprocess.run([python, "-I", "-S", "-c", COMPILER.read_text(), top, complete],
                   input="\n".join(names).encode(), check=True, timeout=60)
    return sorted(str(p.relative_to(top)) for p in pathlib.Path(top).rglob("__pycache__/*"))


def fill(top, files):
    for name, text in files.items():
        path = pathlib.Path(top, name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)


def tag(python):
    return subprocess.run([python, "-c", "import sys; print(sys.implementation.cache_tag)"],
                          capture_output=True, text=True, check=True).stdout.strip()


def cache(name, tag):
    folder, _, base = name.rpartition("/")
    return f"{folder}/__pycache__/{base}.{tag}.pyc".lstrip("/")


def knows_modules(python):
    return subprocess.run([python, "-c", "import sys; sys.stdlib_module_names"],
                          stderr=subprocess.DEVNULL).returncode == 0


@test
def what_is_imported_first_is_compiled():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            fill(top, FILES)
            first = FIRST if knows_modules(python) else [*FIRST, "h/after"]
            equal((name, compiled(python, top, ["a"])),
                  (name, sorted(cache(each, tag(python)) for each in first)))


@test
def without_all_dependencies_a_missing_module_is_no_end():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            fill(top, FILES)
            equal((name, cache("h/after", tag(python)) in compiled(python, top, ["h.i"], complete="more")),
                  (name, True))


@test
def nothing_is_run():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            mark = os.path.join(top, "mark")
            fill(top, {each: BOMB.format(mark) for each in
                       ("a.py", "re.py", "os.py", "sitecustomize.py", "evil.pth", "marshal.py")})
            compiled(python, top, ["a", "re", "sitecustomize"])
            equal((name, os.path.exists(mark)), (name, False))


@test
def the_interpreter_takes_what_was_compiled():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            fill(top, {"m/__init__.py": "from . import n\n", "m/n.py": "x = 'ü'\n"})
            compiled(python, top, ["m"])
            done = subprocess.run([python, "-v", "-c", "import m"], env={"PYTHONPATH": top},
                                  capture_output=True, timeout=60)
            said = done.stderr.decode("utf-8", "replace")
            equal((name, done.returncode, said.count(f"matches {top}/m")), (name, 0, 2))


@test
def caches_of_the_wheel_stay():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            own = cache("a", tag(python))
            fill(top, {"a.py": "x = 1\n", own: "of the wheel"})
            equal((name, compiled(python, top, ["a"])), (name, [own]))
            equal((name, pathlib.Path(top, own).read_text()), (name, "of the wheel"))


@test
def two_processes_share_what_is_much():
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            many = {f"big/m{i}.py": "x = [1, 2]\n" * 1000 for i in range(20)}
            fill(top, {"big/__init__.py": "".join(f"from . import m{i}\n" for i in range(20)), **many})
            equal((name, len(compiled(python, top, ["big"]))), (name, 21))


@test
def odd_sources_end_nothing():
    odd = {"zero": "x = 1\0\n", "deep": "(" * 5000, "open": "from . import (a,\n" * 3, "dots": "from ..... import x\n",
           "self": "import self\nfrom self import self\n", "latin": "# -*- coding: latin-1 -*-\nx = 2\n"}
    for name, python in PYTHONS.items():
        with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
            fill(top, {each + ".py": text for each, text in odd.items()})
            names = [*odd, "no.such", "", "..", "a..b", "/etc/passwd"]
            equal((name, cache("latin", tag(python)) in compiled(python, top, names)), (name, True))


main()
