"""Writes src/rules/names_allow.def from the listings and the reviewed tables.

    python3 tools/names/make_allow.py tools/names/listings/*.txt > src/rules/names_allow.def
    python3 tools/names/make_allow.py --merge LISTING... > tools/names/listings/LIBRARY.txt

reviewed.txt   functions and classes reviewed by hand, with their uses
classes.txt    which classes of the listings are taken
methods.txt    methods that were read because their code names something suspect
listings/      what enumerate.py printed for each version, merged: one file a library,
               the taken classes alone, and of their methods what matters here

A taken class may be made by cls.__new__ (N) unless it has a suspect __new__, and be
given state (S) unless it has a suspect __setstate__. It is left out altogether when
it has a __del__, a __getattribute__, or a suspect method that hashing, comparing,
converting or looking up would run, and methods.txt does not say "ok".
"""
import fnmatch
import os
import re
import sys

HERE = os.path.dirname(os.path.abspath(__file__))
# Run by other means than N and S; suspect ones are harmless until items are set or
# a class is called, which no taken class is admitted for.
HARMLESS_HERE = {"init", "init_subclass", "setitem", "append", "extend", "add", "update",
                 "set_name", "setattr", "meta", "reduce", "str"}
ALWAYS_READ = {"del", "getattribute"}
# A __setstate__ of these takes a tuple apart into typed fields; one in Python is likely
# to put a mapping into __dict__, and then the mapping must be a plain dict that is seen.
WRITTEN_IN_C = re.compile(
    r"pandas\._(libs|sparse|period)\.|numpy\.ndarray|datetime\.|_loss\.|sklearn\._loss\._loss\."
    r"|scipy\.spatial\.transform\.|sklearn\..*\.(_tree|_criterion|_splitter|_?sgd_fast"
    r"|_?dist_metrics|_?kd_tree|_?ball_tree|_?quad_tree)\.")


def lines(name):
    with open(os.path.join(HERE, name)) as f:
        for line in f:
            line = line.split(" #")[0].strip()
            if line and not line.startswith("#"):
                yield line


def read_reviewed():
    uses = {}
    for line in lines("reviewed.txt"):
        letters, *names = line.split()
        for name in names:
            uses[name] = uses.get(name, set()) | set(letters)
    return uses


def read_classes():
    rules = []
    for line in lines("classes.txt"):
        sign, rest = line.split(None, 1)
        pattern, letters = (rest.rsplit(None, 1) + [""])[:2] if sign == "=" else (rest, "")
        rules.append((sign, re.compile(pattern), set(letters)))
    return rules


def read_methods():
    rows = (line.split() for line in lines("methods.txt"))
    return [(name, verdict == "ok") for verdict, name in rows]


def read_listings(paths):
    """Every line of every version: a class is as bad as its worst version."""
    found = {}
    for path in paths:
        with open(path) as f:
            for line in f:
                if not line.startswith("#"):
                    name, *marks = line.split()
                    found.setdefault(name, set()).update(marks)
    return found


def taken(name, rules):
    state = False
    for sign, pattern, _ in rules:
        if sign != "=" and pattern.match(name):
            state = sign == "+"
    return state


def reading_of(method, methods):
    """What methods.txt says of it: True, False, or None. The exact line before a pattern."""
    said = {name: ok for name, ok in methods}.get(method)
    return said if said is not None else next(
        (ok for name, ok in methods if fnmatch.fnmatchcase(method, name)), None)


def judge_methods(marks, methods):
    """The letters a class keeps, or None when one of its methods rules it out."""
    letters = set("NS")
    for mark in marks:
        key, _, owner = mark.partition("=")
        suspect = owner.endswith("!") or key in ALWAYS_READ
        owner = owner.rstrip("!")
        read = reading_of("%s.%s" % (owner, key), methods)
        if key == "setstate" and WRITTEN_IN_C.match(owner):
            letters.add("H")
        if read is False or (suspect and not read and key not in HARMLESS_HERE | {"new", "setstate"}):
            return None
        if suspect and not read and key in ("new", "setstate"):
            letters -= set("N" if key == "new" else "SH")
    return letters


def uses_of(name, marks, rules, methods):
    if "function" in marks:  # of Cython: makes an instance and fills its fields
        return set("CSH")
    if "exception" in marks:
        return set("CNS")
    letters = judge_methods(marks, methods)
    if not letters:
        return None
    for sign, pattern, more in rules:
        if sign == "=" and pattern.match(name) and ("c" not in more or "c" in marks):
            letters |= more - {"c"}
    if "slots" in marks and "setters" not in marks and "S" in letters:
        letters.add("O")
    return letters


def matters(mark, methods):
    key, _, owner = mark.partition("=")
    return (not owner or mark.endswith("!") or key in ALWAYS_READ | {"setstate"}
            or reading_of("%s.%s" % (owner, key), methods) is False)


def merge(paths):
    rules, methods, versions = read_classes(), read_methods(), []
    for path in paths:
        with open(path) as f:
            versions.append(f.readline().split()[1:3])
    for library in sorted({library for library, _ in versions}):
        print("# %s %s" % (library, " ".join(v for name, v in versions if name == library)))
    for name, marks in sorted(read_listings(paths).items()):
        if taken(name, rules):
            print(" ".join([name] + sorted(m for m in marks if matters(m, methods))))


def main():
    if sys.argv[1:2] == ["--merge"]:
        merge(sys.argv[2:])
        return
    rules, methods, table = read_classes(), read_methods(), {}
    for name, marks in read_listings(sys.argv[1:]).items():
        letters = uses_of(name, marks, rules, methods) if taken(name, rules) else None
        if letters:
            table[name] = letters
    for name, letters in read_reviewed().items():
        table[name] = table.get(name, set()) | letters
    print("/*\n * ALLOW(name, uses): names known to only build data, sorted. Made by\n"
          " * tools/names/make_allow.py; edit its tables, not this file. Uses: names.c.\n */")
    for name in sorted(table, key=lambda n: n.encode()):
        letters = table[name] - {"V"} if len(table[name]) > 1 else table[name]
        print('ALLOW("%s", %s)' % (name, " | ".join(c for c in "VCNSHOADITFL" if c in letters)))


main()
