#!/usr/bin/env python3
"""CPython against our parser: the standard library, its trees, and mutated sources.

What this CPython compiles, we parse; what it refuses, we refuse in at least 99.5% of the
mutated sources (newer grammar is refused by old ones; docs/python.md has the differences).

Usage: python_oracle.py [CASES [SEED]]; PYPARSE names the built tool.
"""

import sys
import sysconfig

from _python import (compare, cpython, grammar_cases, mutated, note, ok, ours, python_files, should_accept, show,
                     tree_differs, version)

CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 24000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
# Newer than this CPython: it must not be held against us that we parse them.
TREES_MAX = 400


def library():
    files = [p for p in python_files(sysconfig.get_paths()["stdlib"])
             if "site-packages" not in p.parts and "dist-packages" not in p.parts]
    return files, [p.read_bytes() for p in files]


def whole_files(files, sources):
    answers = ours(sources)
    both, strict, loose = compare(sources, answers)
    for i in strict + loose:
        note(files[i], answers[i])
    ok(len(answers) == len(sources) and not strict,
       f"standard library of {version()}: {len(files)} files, what CPython compiles we parse",
       f"{both} agree")
    ok(not loose, "standard library: what CPython refuses we refuse")


def trees(files, sources):
    some = [i for i, s in enumerate(sources) if len(s) < 60000][::max(1, len(files) // TREES_MAX)]
    answers, wrong, nodes = ours([sources[i] for i in some], "--dump"), 0, 0
    for i, answer in zip(some, answers):
        if answer[0] != "ok":
            continue
        nodes += len(answer)
        try:
            differ = tree_differs(sources[i], answer[1:])
        except (SyntaxError, ValueError):
            continue
        if differ:
            wrong += 1
            if wrong <= 5:
                note(files[i], *differ[:4])
    ok(not wrong and nodes > 10000,
       f"trees of {len(some)} files: kinds, names and places are those of ast", f"{nodes} nodes")


def mutations(sources):
    small = [s for s in sources if len(s) < 200000]
    cases = mutated(SEED, CASES, small)
    answers = ours(cases)
    both, strict, loose = compare(cases, answers)
    show(cases, answers, strict, "CPython accepts")
    show(cases, answers, loose, "CPython refuses")
    share = both / max(1, both + len(strict) + len(loose))
    ok(len(answers) == len(cases) and not strict,
       f"{CASES} mutated sources: what CPython compiles we parse", f"{len(strict)} differ")
    ok(share >= 0.995, "mutated sources: both sides agree", f"{100 * share:.3f}%")


def by_hand():
    cases = grammar_cases()
    sources = [source.encode() for _, source in cases]
    wrong = []
    for (head, source), answer in zip(cases, ours(sources)):
        if (answer == "ok") != head.startswith("accept"):
            wrong.append(f"ours: {head}: {source!r}: {answer}")
        if cpython(source.encode()) != should_accept(head, sys.version_info):
            wrong.append(f"CPython: {head}: {source!r}")
    for line in wrong[:20]:
        note(line)
    ok(not wrong and len(cases) > 250, f"{len(cases)} cases by hand, newer grammar among them")


def main():
    by_hand()
    files, sources = library()
    whole_files(files, sources)
    trees(files, sources)
    mutations(sources)


main()
