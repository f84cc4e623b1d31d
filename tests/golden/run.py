#!/usr/bin/env python3
"""Walks the rules: each has files that fire it and near misses that do not.

tests/golden/ID/fire*   a scan of this file has a finding of rule ID
tests/golden/ID/near*   looks alike; a scan of it has none

One run of the built program looks at all of them, under all policies. A rule that no file can fire (a
worker that dies, a file that vanishes) is named in NOT_BY_FILE with the test that
fires it: "ENG008 tests/cli/test_x.py". TAP on standard output.

Usage: run.py    PRATIQUE names the program; build/release/pratique without it
"""
import json
import os
import pathlib
import re
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.environ.get("PRATIQUE") or os.environ.get("PRATIQUE_BIN") or str(
    ROOT / "build/release/pratique")


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def ok(self, good, what, why=""):
        self.n += 1
        self.bad += not good
        print("%sok %d - golden: %s" % ("" if good else "not ", self.n, what))
        if why and not good:
            print("# " + why)


def run(*args):
    done = subprocess.run([PROGRAM, *args], cwd=ROOT, capture_output=True, text=True, check=False)
    try:
        return json.loads(done.stdout)
    except ValueError:
        sys.exit("Bail out! %s %s: status %d\n%s" % (
            PROGRAM, args[0], done.returncode, (done.stderr or done.stdout)[-2000:]))


def findings_by_file(folders):
    """{"ID/fire.zip": {"ID", ...}}"""
    found = {}
    for artifact in run("scan", "--format", "json", "--policy", "model,upload,source,package",
                        *map(str, folders))["artifacts"]:
        path = pathlib.Path(artifact["path"])
        path = (ROOT / path).relative_to(HERE) if not path.is_absolute() else path.relative_to(HERE)
        ids = {f["rule"] if isinstance(f["rule"], str) else f["rule"]["id"]
               for f in artifact["findings"]}
        found.setdefault("/".join(path.parts[:2]), set()).update(ids)
    return found


def not_by_file():
    rows = {}
    path = HERE / "NOT_BY_FILE"
    for line in path.read_text().splitlines() if path.exists() else []:
        line = line.split("#")[0].split()
        if line:
            rows[line[0]] = line[1] if len(line) > 1 else ""
    return rows


def check_files(tap, found, folders):
    for folder in folders:
        for path in sorted(folder.iterdir()):
            case = "%s/%s" % (folder.name, path.name)
            ids = found.get(case)
            if path.name.startswith(("fire", "near")):
                fires = ids is not None and folder.name in ids
                tap.ok(ids is not None and fires == path.name.startswith("fire"), case,
                       "findings: %s" % (" ".join(sorted(ids)) if ids is not None else "no report"))


def check_rules(tap, rules, exceptions):
    for rule in rules:
        folder = HERE / rule
        names = [p.name for p in folder.iterdir()] if folder.is_dir() else []
        if rule in exceptions:
            test = exceptions[rule]
            tap.ok(bool(test) and (ROOT / test.split(":")[0]).exists(),
                   "%s is fired by %s" % (rule, test), "no such test")
        else:
            tap.ok(any(n.startswith("fire") for n in names)
                   and any(n.startswith("near") for n in names),
                   "%s has a file that fires it and a near miss" % rule, "files: %s" % names)
    for rule in sorted(exceptions):
        tap.ok(rule in rules, "NOT_BY_FILE: %s is a rule" % rule)


def main():
    rules = sorted(rule["id"] for rule in run("rules", "--format", "json"))
    folders = sorted(p for p in HERE.iterdir() if p.is_dir() and re.match(r"[A-Z]{3}\d{3}$", p.name))
    tap = Tap()
    check_rules(tap, rules, not_by_file())
    for folder in folders:
        tap.ok(folder.name in rules, "%s is a rule" % folder.name)
    check_files(tap, findings_by_file(folders), folders)
    print("1..%d" % tap.n)
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
