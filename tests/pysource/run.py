#!/usr/bin/env python3
"""The corpus of Python and other text: what is guilty is found at its line, the innocent pass.

cases.tsv names every file of guilty/ and innocent/ with its policy, the rules of which one
must be found ("UPL001,UPL002", "SRC*"), the lines of which it must stand on one ("-": any;
"pkg/b.py:3" inside a zip), and what it needs to be proved by CPython (prove_oracle.py). A guilty
file is found when it is not admitted and such a finding stands on such a line. An innocent
one is admitted, with no UPL, SRC or PYS finding above low.

known.tsv names the few that are answered otherwise, and why; they count as wrong in the
last remarks, and one that comes out right fails the test, so that the list stays true.

One run of the built program for each policy. TAP on standard output; the last remarks count.

Usage: run.py [--brief]    PRATIQUE names the program; build/release/pratique without it
                           --brief: only what failed
"""
import fnmatch
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.environ.get("PRATIQUE") or os.environ.get("PRATIQUE_BIN") or str(
    ROOT / "build/release/pratique")
AT_LEAST = {"guilty": 450, "innocent": 300}
GRAVE = {"medium", "high", "critical", "gap"}


class Case:
    def __init__(self, row):
        self.name, self.policy, rules, lines, self.needs = row
        self.side = self.name.split("/")[0]
        self.rules = [] if rules == "-" else rules.split(",")
        self.lines = [] if lines == "-" else lines.split(",")


class Tap:
    def __init__(self, brief):
        self.n = self.bad = 0
        self.brief = brief

    def ok(self, good, what, why=""):
        self.n += 1
        self.bad += not good
        if good and self.brief:
            return
        print("%sok %d - pysource: %s" % ("" if good else "not ", self.n, what))
        if why and not good:
            print("# " + why)


def read_cases():
    lines = (HERE / "cases.tsv").read_text(encoding="utf-8").splitlines()
    return [Case(x.split("\t")) for x in lines if x and not x.startswith("#")]


def read_known():
    lines = (HERE / "known.tsv").read_text(encoding="utf-8").splitlines()
    return dict(x.split("\t") for x in lines if x and not x.startswith("#"))


def scan(policy, names):
    """{name: artifact} of one run over all these files."""
    if not names:
        return {}
    done = subprocess.run([PROGRAM, "scan", "--format", "json", "--policy", policy, *names],
                          cwd=HERE, capture_output=True, check=False)
    try:
        artifacts = json.loads(done.stdout)["artifacts"]
    except (ValueError, KeyError):
        sys.exit("Bail out! %s --policy %s: status %d\n%s" % (
            PROGRAM, policy, done.returncode, (done.stderr or done.stdout)[-2000:].decode(errors="replace")))
    return {os.path.normpath(a["path"]): a for a in artifacts}


def place(finding):
    """'12', or 'pkg/b.py:12' inside a zip."""
    member = finding["path"].partition("!/")[2]
    return (member + ":" if member else "") + str(finding["line"] or "-")


def said(artifact):
    return artifact["verdict"] + "; " + (", ".join(
        "%s %s at %s" % (f["rule"], f["subject"], place(f)) for f in artifact["findings"][:8]) or "no findings")


def judge(tap, case, good, why):
    """As it is expected, or as known.tsv says."""
    if case.known:
        tap.ok(not good, case.name + " (known: %s)" % case.known, "comes out right: take it off known.tsv")
    else:
        tap.ok(good, case.name, why)
    return good


def check_guilty(tap, case, artifact):
    hits = [place(f) for f in artifact["findings"]
            if any(fnmatch.fnmatch(f["rule"], r) for r in case.rules)]
    good = artifact["verdict"] != "admit" and bool(hits) and (
        not case.lines or any(h in case.lines for h in hits))
    return judge(tap, case, good, "%s; wanted %s on %s" % (
        said(artifact), ",".join(case.rules), ",".join(case.lines) or "any line"))


def check_innocent(tap, case, artifact):
    bad = [f for f in artifact["findings"] if f["rule"][:3] in ("UPL", "SRC", "PYS")
           and f["severity"] in GRAVE]
    good = artifact["verdict"] == "admit" and not bad
    return judge(tap, case, good, said(artifact))


def check_table(tap, cases):
    """The table and the folders name the same files, and enough of them."""
    for side, least in AT_LEAST.items():
        there = {"%s/%s" % (side, p.name) for p in (HERE / side).iterdir() if p.is_file()}
        named = [c.name for c in cases if c.side == side]
        tap.ok(there == set(named) and len(named) == len(there), "cases.tsv names the files of %s/" % side,
               "differ: %s" % sorted(there ^ set(named))[:10])
        tap.ok(len(named) >= least, "%d files are %s, at least %d" % (len(named), side, least))


def main():
    tap = Tap("--brief" in sys.argv[1:])
    cases, known = read_cases(), read_known()
    for case in cases:
        case.known = known.pop(case.name, None)
    tap.ok(not known, "known.tsv names cases", "%s" % sorted(known))
    check_table(tap, cases)
    found = {p: scan(p, [c.name for c in cases if c.policy == p]) for p in ("upload", "source")}
    right = {side: [0, 0] for side in AT_LEAST}
    for case in cases:
        artifact = found[case.policy].get(case.name)
        if artifact is None:
            tap.ok(False, case.name, "no report")
            good = False
        else:
            good = (check_guilty if case.side == "guilty" else check_innocent)(tap, case, artifact)
        right[case.side][0] += good
        right[case.side][1] += 1
    print("1..%d" % tap.n)
    for side, (good, of) in right.items():
        print("# %s: %d of %d as expected (%.1f%%)" % (side, good, of, 100 * good / max(of, 1)))
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
