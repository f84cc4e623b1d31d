#!/usr/bin/env python3
"""Watches every wheel of cases.tsv and compares the verdict and what was seen. TAP.

    run.py [--list] [--keep FOLDER] [WORD...]

Two at a time. PRATIQUE names the program (default build/release/pratique), PRATIQUE_TEST_PYTHON
the interpreter (default: one on PATH, best one without a sitecustomize of its own, which hides
the wheel's). Afterwards the host's files, processes and mounts must be as before.
"""
import argparse
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

from _watch import (PROGRAM, SECRET, Host, find_python, has_sitecustomize, home, skip_unless_full, tree_hash,
                    watch)

import make_wheels

HERE = pathlib.Path(__file__).resolve().parent
NEEDS_SITECUSTOMIZE = {"sitecustomize_dropper"}


class Case:
    def __init__(self, line):
        self.name, self.kind, self.verdict, self.seen, self.options, self.what = line.split("\t")
        self.path, self.missing = None, ""

    def wrong(self, w):
        """What is not as it should be; "" when all is."""
        out = []
        if self.verdict == "hold+":
            right = w.verdict in ("hold", "refuse", "undecided")
        elif self.verdict == "undecided":  # and also where there is no report at all
            right = w.verdict in ("undecided", "usage")
        else:
            right = w.verdict in self.verdict.split("|")
        if not right:
            out.append(f"{w.verdict}, not {self.verdict}")
        kinds = w.kinds()
        out += [f"nothing of {part}" for part in self.seen.split(",")
                if part and not kinds & set(part.split("|"))]
        if self.kind == "innocent":  # what a case asserts of its world
            out += [e["detail"] for e in w.of("imported") if e.get("detail", "").startswith("AssertionError")]
        if w.report and SECRET in str(w.report):
            out.append("the host's own secret is in the report")
        return ", ".join(out)


def read_cases():
    lines = (HERE / "cases.tsv").read_text().splitlines()
    return [Case(line) for line in lines if line and not line.startswith("#")]


def check_table(cases, made):
    listed, built = [c.name for c in cases], list(made)
    assert sorted(listed) == sorted(built), set(listed) ^ set(built)
    for c in cases:
        c.path, c.missing = made[c.name][1:]
        assert c.kind == made[c.name][0], c.name


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def say(self, ok, what, note="", skip=""):
        self.n += 1
        self.bad += not ok
        if note and not ok:
            print("# " + note.replace("\n", " ")[:1500])
        print(f"{'ok' if ok else 'not ok'} {self.n} - {what}" + (f" # SKIP {skip}" if skip else ""), flush=True)


def judge(tap, case, w):
    wrong = case.wrong(w)
    tap.say(not wrong, f"{case.kind} {case.name}: {w.verdict}", f"{wrong}; {w.why()}")


def watch_all(tap, cases, python, folder, where):
    def one(case):
        return watch(*case.options.split(), "--python", python, case.path, cwd=folder,
                     env={"HOME": str(where), "GITHUB_TOKEN": SECRET, "AWS_SECRET_ACCESS_KEY": SECRET})

    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        jobs = {}
        for c in cases:
            if c.missing or c.name in NEEDS_SITECUSTOMIZE and has_sitecustomize(python):
                tap.say(True, f"{c.kind} {c.name}", skip=c.missing or "the interpreter has its own")
            else:
                jobs[pool.submit(one, c)] = c
        late = []
        for job in concurrent.futures.as_completed(jobs):
            if jobs[job].kind == "innocent" and jobs[job].wrong(job.result()):
                late.append(jobs[job])
            else:
                judge(tap, jobs[job], job.result())
    for c in late:  # some measure time, which a busy machine stretches: once more, alone
        print(f"# {c.name} is watched a second time")
        judge(tap, c, one(c))


def main():
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("--list", action="store_true", help="the cases, one a line")
    arg.add_argument("--keep", metavar="FOLDER", help="leave the wheels there")
    arg.add_argument("word", nargs="*", help="only cases whose name or kind has one of these in it")
    opt = arg.parse_args()
    cases = read_cases()
    if opt.list:
        print("\n".join(f"{c.kind:9} {c.verdict:10} {c.name}: {c.what}" for c in cases))
        return 0
    tap, python = Tap(), find_python()
    folder = opt.keep or tempfile.mkdtemp(prefix="pratique-wheels-")
    os.makedirs(folder, exist_ok=True)
    try:
        check_table(cases, make_wheels.build_all(folder, python))
        cases = [c for c in cases if not opt.word or any(w in c.name or w == c.kind for w in opt.word)]
        host = Host()
        with home() as where:
            before = tree_hash(where)
            watch_all(tap, cases, python, folder, where)
            tap.say(tree_hash(where) == before, "the host's home is as before")
        left = host.after()
        tap.say(not left, "nothing is left behind", "; ".join(left))
        tap.say(not os.path.exists("/tmp/pratique-escaped"), "no member got out of its folder")
    finally:
        if not opt.keep:
            shutil.rmtree(folder, ignore_errors=True)
    print(f"1..{tap.n}")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    try:
        subprocess.run([PROGRAM, "watch", "--help"], stdout=subprocess.DEVNULL, check=True)
    except (OSError, subprocess.CalledProcessError) as e:
        sys.exit(f"Bail out! {PROGRAM} cannot watch: {e}")
    skip_unless_full("run.py")
    sys.exit(main())
