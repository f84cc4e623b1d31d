#!/usr/bin/env python3
"""Scans the hostile and the benign corpus and compares the verdicts. TAP on standard output.

    run.py [--misses] [--keep FOLDER]

PRATIQUE_BIN names the program (default build/release/pratique). Hostile files
are made on the spot (hostile.py); benign ones lie in tests/fixtures/benign. Each
set is one run of the program. A hostile file must be refused or undecided (a
few rows say that a hold is right); no benign file may be refused, and at most
BENIGN_MISSES kinds (a name without its version numbers) may be held or
undecided: those known are in benign_held.txt, each with its reason.
--misses prints each miss with its findings instead of TAP.
"""
import argparse
import collections
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.join(HERE, "..", "..")
BENIGN = os.path.join(HERE, "..", "fixtures", "benign")
sys.path.insert(0, HERE)

import hostile  # noqa: E402

BENIGN_MISSES = 5


def scan(folder, *options):
    """name -> artifact, from one run over a folder."""
    exe = os.environ.get("PRATIQUE_BIN", os.path.join(ROOT, "build", "release", "pratique"))
    p = subprocess.run([exe, "scan", "--format", "json", *options, folder], stdout=subprocess.PIPE,
                       stderr=subprocess.PIPE)
    try:
        report = json.loads(p.stdout.decode())
    except ValueError:
        sys.exit("Bail out! no report from %s (status %d): %s" % (
            exe, p.returncode, p.stderr.decode()[-500:]))
    return {os.path.basename(a["path"]): a for a in report["artifacts"]}


def trusting(rows):
    """The cases about --trust-classes, once more with that option."""
    out = {}
    for package in sorted({c.trust for c in rows if c.trust}):
        with tempfile.TemporaryDirectory() as folder:
            for c in rows:
                if c.trust == package:
                    with open(os.path.join(folder, c.file), "wb") as f:
                        f.write(c.data)
            out.update(scan(folder, "--trust-classes", package))
    return out


def why(a):
    if a is None:
        return "not in the report"
    found = ["%s %s %s%s" % (f["rule"], f["severity"], f["subject"], (": " + f["detail"])
                             if f["detail"] else "") for f in a["findings"]]
    return "; ".join(found[:3])[:300] or "no finding"


def held_list():
    with open(os.path.join(HERE, "benign_held.txt")) as f:
        return {line.split()[0] for line in f if line.strip() and line[0] != "#"}


def main():
    p = argparse.ArgumentParser()
    p.add_argument("--misses", action="store_true")
    p.add_argument("--keep")
    a = p.parse_args()
    folder = a.keep or tempfile.mkdtemp()
    rows = hostile.write(folder)
    bad, good = scan(folder), scan(BENIGN)
    bad.update(trusting(rows))
    if not a.keep:
        shutil.rmtree(folder, ignore_errors=True)
    lines, failed = [], 0
    table = collections.OrderedDict()
    for c in rows:
        got = bad.get(c.file, {"verdict": "missing", "findings": []})
        ok = got["verdict"] in c.want
        failed += not ok
        cells = table.setdefault(c.technique, collections.Counter())
        cells[got["verdict"]] += 1
        cells["miss"] += not ok
        lines.append((ok, c.file, got["verdict"], "/".join(c.want), why(got)))
    held = held_list()
    names = sorted(n for n in os.listdir(BENIGN) if n != "MANIFEST.tsv")
    stopped = []
    cells = collections.Counter()
    for name in names:
        got = good.get(name, {"verdict": "missing", "findings": []})
        known = name in held and got["verdict"] in ("hold", "undecided")
        ok = got["verdict"] == "admit" or known
        failed += not ok
        cells[got["verdict"]] += 1
        cells["miss"] += not ok
        if got["verdict"] != "admit":
            stopped.append(name)
        lines.append((ok, "benign/" + name, got["verdict"], "admit", why(got)))
    table["BENIGN"] = cells
    kinds = {re.sub("[0-9]", "", n) for n in stopped}
    few = len(kinds) <= BENIGN_MISSES
    failed += not few
    lines.append((few, "benign: %d kinds held or undecided, at most %d" % (
        len(kinds), BENIGN_MISSES), "", "", " ".join(sorted(kinds))[:300]))
    print("1..%d" % len(lines) if not a.misses else "# misses")
    for i, (ok, name, got, want, note) in enumerate(lines, 1):
        if not a.misses:
            print("%s %d - %s" % ("ok" if ok else "not ok", i, name))
        if not ok:
            print("%s%s\t%s, wanted %s\t%s" % ("" if a.misses else "# ", name, got, want, note))
    form = "# %-26s %6s %9s %6s %6s %6s %6s"
    print(form % ("technique", "refuse", "undecided", "hold", "admit", "cases", "misses"))
    total = collections.Counter()
    for name, n in table.items():
        if name != "BENIGN":
            total.update(n)
        else:
            print(form % (("hostile in all",) + counts(total)))
        print(form % ((name,) + counts(n)))
    return 1 if failed else 0


def counts(n):
    kinds = ("refuse", "undecided", "hold", "admit")
    return tuple(n[k] for k in kinds) + (sum(n.values()) - n["miss"], n["miss"])


if __name__ == "__main__":
    sys.exit(main())
