#!/usr/bin/env python3
"""Admits every archive of the corpus, and unpacks it without the scan before: the hostile are
refused for the right reason and leave nothing, the good come through whole. TAP.

    run.py [--alone] [WORD]   those whose name has WORD; --alone: without the scan only

Around each target lie files that must be as they were. PRATIQUE names the program,
PRATIQUE_UNPACK the helper that does not scan (tests/oracle/unpack.c); with PRATIQUE_EACH set,
cases that are much alike are admitted as well.
"""
import argparse
import concurrent.futures
import json
import os
import pathlib
import re
import resource
import shutil
import subprocess
import sys
import tempfile

import good
import make_cases
import trees
from case import Skip

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))
UNPACK = os.environ.get("PRATIQUE_UNPACK", str(ROOT / "build/asan/unpack"))
SECONDS = 60
ELSEWHERE = ["/tmp/pratique-evil", "/tmp/pratique-evil.txt", "/evil.txt"]
EACH = os.environ.get("PRATIQUE_EACH")
ALIKE = ("name-", "bytes-", "two-", "fine-", "mode-", "method-", "type-")
BY_TOOLS = {"zip-" + row[0] for row in good.TOOLS}  # they vary in what they say
REASONS = make_cases.reasons()
NO_MORE = 2 << 30  # bytes that a file may have: no bomb fills the disk


class Failed(Exception):
    pass


def surround(base):
    """A tree with a place for the target in it; what must stay as it is."""
    for name in ("in", "work", "outside"):
        (base / name).mkdir()
    for name in ("canary.txt", "work/canary.txt", "outside/canary.txt", "outside.txt"):
        (base / name).write_text("as it was\n")


def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (NO_MORE, NO_MORE))


def start(*command):
    return subprocess.run(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.PIPE, timeout=SECONDS, preexec_fn=limit)


def rules_of_facts():
    """What the rule of a kind of fact is called."""
    text = (ROOT / "src/rules/unpack.def").read_text()
    return {kind: rule for rule, kind in re.findall(r'RULE\((UNP\d+), "[^"]*", (\w+)', text)}


def unpack(archive, target):
    """As admit(), without a scan and without what makes it all or nothing."""
    target.mkdir()
    done = start(UNPACK, str(archive), str(target))
    if done.returncode:
        shutil.rmtree(target, ignore_errors=True)
    lines = [x.split("\t") for x in done.stdout.decode(errors="replace").splitlines() if "\t" in x]
    return done, [{"rule": RULES.get(x[0], x[0]), "detail": " ".join(x[1:])} for x in lines]


def admit(archive, target):
    """Exit status, and the rules that were found with their text."""
    policy = "upload" if archive.suffix == ".whl" else "model"
    done = start(PROGRAM, "admit", "--format", "json", "--policy", policy, str(archive), "--to",
                 str(target))
    try:
        report = json.loads(done.stdout)
    except ValueError:
        report = {"artifacts": []}
    found = [f for a in report["artifacts"] for f in a["findings"]]
    return done, found


def check_refused(case, base, how, done, found):
    if done.returncode not in (1, 3):
        raise Failed("ended with %d: %s" % (done.returncode, tell(done, found)))
    if os.path.lexists(base / "work/to"):
        raise Failed("there is something under the final name")
    rules = [f["rule"] for f in found]
    if how is admit and rules and case.reason != "nested":
        return  # the scan before the unpacking has its own words for it
    if not any(r.startswith(w) for r in rules for w in REASONS[case.reason]):
        raise Failed("refused, not for its reason (%s): %s" % (case.reason, tell(done, found)))


def check_admitted(case, base, how, done, found):
    if done.returncode != 0:
        raise Failed("ended with %d: %s" % (done.returncode, tell(done, found)))
    target = base / "work/to"
    unsaid = any(f["rule"].startswith("UNP027") for f in found)
    if unsaid != case.name.startswith("zip-unflagged") and case.name not in BY_TOOLS:
        raise Failed("names are%s said to be unclear: %s" % ("" if unsaid else " not", tell(done, found)))
    try:
        want = trees.expected(base / "in" / case.file)
    except trees.Unreadable:
        want = None
    faults = trees.modes(target)
    if want is not None:
        faults += trees.differences(want, trees.on_disk(target))
    if faults:
        raise Failed("; ".join(faults[:4]))
    shutil.rmtree(target)


def tell(done, found):
    said = ["%s %s" % (f["rule"], f.get("detail") or f.get("subject", "")) for f in found]
    return ("; ".join(said) or done.stderr.decode(errors="replace").strip())[:300]


def judge(case, made, base, how):
    """None, or why it failed."""
    base.mkdir()
    surround(base)
    archive = base / "in" / case.file
    os.link(made, archive)
    before = trees.on_disk(base)
    try:
        done, found = how(archive, base / "work/to")
        (check_refused if case.want == "refuse" else check_admitted)(case, base, how, done, found)
        left = trees.differences(before, trees.on_disk(base))
        if left:
            raise Failed("around it: " + "; ".join(left[:4]))
    except subprocess.TimeoutExpired:
        return "took more than %d s" % SECONDS
    except Failed as e:
        return str(e)
    finally:
        shutil.rmtree(base, ignore_errors=True)
    return None


def is_due(case, how):
    """What is nested is the scan's to find; of cases alike, each is unpacked, and not admitted."""
    if how is unpack:
        return case.reason != "nested"
    return EACH or not case.name.split("-", 1)[1].startswith(ALIKE)


def attempt(case, top, ways):
    """For each way of unpacking it: a name, and None or why it failed, or a Skip."""
    made = os.path.join(top, case.name + ".made")
    try:
        case.write(made)
    except Skip as e:
        return [(case.name, e)]
    rows = [("%s, %s" % (case.name, name), judge(case, made, pathlib.Path(top, case.name), how))
            for name, how in ways if is_due(case, how)]
    os.unlink(made)
    return rows


def listed():
    with open(make_cases.TSV) as f:
        return None if f.read() == make_cases.table() else "cases.tsv is old: make_cases.py --update"


RULES = rules_of_facts()


def main():
    p = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    p.add_argument("--alone", action="store_true")
    p.add_argument("word", nargs="?", default="")
    a = p.parse_args()
    ways = [("unpacked alone", unpack)] + ([] if a.alone else [("admitted", admit)])
    cases = [c for c in make_cases.CASES if a.word in c.name]
    bad = [p for p in ELSEWHERE if os.path.lexists(p)]
    if bad:
        sys.exit("Bail out! remove first: " + " ".join(bad))
    rows = [("cases.tsv", listed())]
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
        with concurrent.futures.ThreadPoolExecutor(os.cpu_count() or 2) as pool:
            for some in pool.map(lambda c: attempt(c, top, ways), cases):
                rows += some
    escaped = [p for p in ELSEWHERE if os.path.lexists(p)]
    rows.append(("nothing elsewhere", " ".join(escaped) or None))
    for n, (name, why) in enumerate(rows, 1):
        if isinstance(why, Skip):
            print("ok %d - %s # SKIP %s" % (n, name, why))
        elif why:
            print("# %s\nnot ok %d - %s" % (why, n, name))
        else:
            print("ok %d - %s" % (n, name))
    print("1..%d" % len(rows))
    sys.exit(1 if any(why and not isinstance(why, Skip) for _, why in rows) else 0)


if __name__ == "__main__":
    main()
