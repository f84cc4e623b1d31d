#!/usr/bin/env python3
"""The corpus of packages: what fetches and does not check is stopped, the honest come through.

cases.tsv says of each package (build.py) the verdict: refuse; hold-or-refuse; admit. Then what
must be among the findings of a bad one: kinds of facts, all of them, "A/B" for either; and a
piece of a chain that is printed. Which rules judge which kind of fact says rules.tsv.

known.tsv names the few that are answered otherwise, and why; one that comes out right fails the
test, so that the list stays true. One run of the program over all. TAP; the last remarks count.

Usage: run.py [--brief] [WORD...]    PRATIQUE names the program; --brief: only what failed
                                     WORD: cases with it in their names
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests/cli")]

import build  # noqa: E402
from _tap import PROGRAM  # noqa: E402

VERDICTS = {"refuse": ("refuse",), "hold-or-refuse": ("hold", "refuse"), "admit": ("admit",)}
AT_LEAST = {"bad": 110, "good": 110}
LOUD = ("medium", "high", "critical", "gap")


def table(name):
    path = HERE / name
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
    return [line.split("\t") for line in lines if line and not line.startswith("#")]


def rules():
    """{kind of fact: ids of the rules that judge it}"""
    return {kind: set(ids.split(",")) for kind, ids in table("rules.tsv")}


class Case:
    def __init__(self, row, judges):
        self.name, self.verdict, findings, self.chain, self.what = row
        self.side = self.name.split("/")[0]
        self.findings = [] if findings == "-" else [f.split("/") for f in findings.split(",")]
        self.judges = judges

    def fault(self, artifact):
        """What is wrong with the answer; None when it is right."""
        if artifact is None:
            return "no report"
        if artifact["verdict"] not in VERDICTS[self.verdict]:
            return f"{artifact['verdict']}, wanted {self.verdict}: {said(artifact)}"
        seen = {f["rule"] for f in artifact["findings"]}
        for wanted in self.findings:
            if not any(self.judges.get(w, set()) & seen for w in wanted):
                return f"without {'/'.join(wanted)}: {said(artifact)}"
        if self.chain != "-" and not any(piece in json.dumps(artifact["findings"], ensure_ascii=False)
                                         for piece in self.chain.split("/")):
            return f"no chain with {self.chain}: {said(artifact)}"
        return None


def said(artifact):
    loud = [f for f in artifact["findings"] if f["severity"] in LOUD]
    return ", ".join(f"{f['rule']} {f['severity']} {f['subject']} at {f['path'].partition('!/')[2]}:"
                     f"{f['line']}" for f in loud[:6]) or "nothing loud"


def scan(paths):
    """{path: artifact} of one run; the policy is the one that packages get."""
    done = subprocess.run([PROGRAM, "scan", "--policy", "package", "--format", "json",
                           *map(str, paths)], stdin=subprocess.DEVNULL, capture_output=True)
    try:
        return {a["path"]: a for a in json.loads(done.stdout)["artifacts"]}
    except (ValueError, KeyError):
        sys.exit(f"Bail out! {PROGRAM}: status {done.returncode}\n{done.stderr.decode()[-1000:]}")


class Tap:
    def __init__(self, brief):
        self.n = self.bad = 0
        self.brief = brief

    def ok(self, good, what, why=""):
        self.n += 1
        self.bad += not good
        if good and self.brief:
            return
        if why and not good:
            print("# " + why)
        print(f"{'' if good else 'not '}ok {self.n} - package: {what}", flush=True)


def check_table(tap, cases):
    for side, least in AT_LEAST.items():
        named = [c.name.split("/")[1] for c in cases if c.side == side]
        there = set(build.sources(side))
        tap.ok(there == set(named) and len(named) == len(there), f"cases.tsv names all of {side}/",
               f"differ: {sorted(there ^ set(named))[:10]}")
        tap.ok(len(named) >= least, f"{len(named)} are {side}, at least {least}")
    known = {"/".join((c.name, c.verdict)) for c in cases}
    odd = [k for k in known if k.rsplit("/", 1)[1] not in VERDICTS]
    tap.ok(not odd, "each verdict is one", str(odd))
    kinds = {w for c in cases for either in c.findings for w in either}
    odd = sorted(k for k in kinds if not cases[0].judges.get(k))
    tap.ok(not odd, "rules.tsv names each kind", str(odd))


def check_all(tap, cases, answers, known):
    """{side: (as expected, let through, of)}"""
    count = {}
    for case in cases:
        artifact = answers.get(case.name)
        fault = case.fault(artifact)
        if case.name in known:
            tap.ok(fault is not None, f"{case.name} (known: {known[case.name]})",
                   "comes out right: take it off known.tsv")
        else:
            tap.ok(fault is None, case.name, f"{fault} ({case.what})")
        right, passed, of = count.get(case.side, (0, 0, 0))
        passed += artifact is not None and artifact["verdict"] == "admit"
        count[case.side] = (right + (fault is None), passed, of + 1)
    return count


def check_steady(tap):
    with tempfile.TemporaryDirectory() as one, tempfile.TemporaryDirectory() as two:
        same = [[p.read_bytes() for p in build.build(d, ["a"]).values()] for d in (one, two)]
    tap.ok(same[0] == same[1], "they are built the same each time")


def main():
    words = [w for w in sys.argv[1:] if w != "--brief"]
    tap, judges = Tap("--brief" in sys.argv[1:]), rules()
    cases = [Case(row, judges) for row in table("cases.tsv")]
    known = dict(row[:2] for row in table("known.tsv"))
    if not words:
        check_table(tap, cases)
        check_steady(tap)
        tap.ok(set(known) <= {c.name for c in cases}, "known.tsv names cases")
    cases = [c for c in cases if not words or any(w in c.name for w in words)]
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as folder:
        built = build.build(folder)
        wanted = {str(built[c.name]): c.name for c in cases if c.name in built}
        found = scan(wanted)
    count = check_all(tap, cases, {wanted[p]: a for p, a in found.items() if p in wanted}, known)
    print(f"1..{tap.n}")
    for side, (right, passed, of) in count.items():
        rate = of - passed if side == "bad" else passed
        print(f"# {side}: {rate} of {of} {'stopped' if side == 'bad' else 'admitted'}"
              f" ({100 * rate / of:.1f}%), {right} as the table says")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
