#!/usr/bin/env python3
"""pratique.h alone compiles as C99 and as C++11, with every warning an error."""

import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FLAGS = ["-pedantic", "-Wall", "-Wextra", "-Werror", "-fsyntax-only", f"-I{ROOT / 'include'}"]
CASES = [("gcc", "c", "c99"), ("clang", "c", "c99"), ("gcc", "c", "c17"),
         ("gcc", "c++", "c++11"), ("clang", "c++", "c++11")]


def can(compiler, language):
    """Whether the compiler knows the language at all (gcc needs cc1plus for C++)."""
    probe = [compiler, "-x", language, "-fsyntax-only", "-"]
    return shutil.which(compiler) and subprocess.run(
        probe, input="", text=True, capture_output=True).returncode == 0


def main():
    bad = 0
    for i, (compiler, language, standard) in enumerate(CASES, 1):
        name = f"pratique.h as {standard} by {compiler}"
        if not can(compiler, language):
            print(f"ok {i} - {name} # SKIP not installed")
            continue
        done = subprocess.run([compiler, "-x", language, f"-std={standard}", *FLAGS, "-"],
                              input="#include <pratique/pratique.h>\n", text=True,
                              capture_output=True)
        for line in done.stderr.splitlines():
            print("#", line)
        print(f"{'not ' if done.returncode else ''}ok {i} - {name}")
        bad += done.returncode != 0
    print(f"1..{len(CASES)}")
    return 1 if bad else 0


sys.exit(main())
