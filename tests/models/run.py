#!/usr/bin/env python3
"""Puts the corpora of models through the gate: what is hostile is stopped, what is not comes in.

Each tests/models/NAME.py that has them: bad() and good() yield (name, content, ids, why).
content is the bytes of one file, or a dict {"relative/path": bytes}, a folder with a model; a str
in place of bytes is a link to that path.
A bad case must not be admitted, and one of ids must be among the findings of that very file (of
any file of the folder, or of the folder itself); without ids any finding will do. A good case must
be admitted: the file, or every file of the folder and the folder.

One scan for each module; one more for its bad_under_model(), if it has that, whose cases are bad
when --policy model is given. TAP on standard output.

Usage: run.py [MODULE...]    PRATIQUE names the program; build/release/pratique without it
       --keep DIR   leave the files there       --slow N   name the N files that took longest
"""
import argparse
import importlib.util
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.path.abspath(os.environ.get("PRATIQUE") or os.environ.get("PRATIQUE_BIN") or
                          ROOT / "build/release/pratique")
SCAN_SECONDS = 300


class Tap:
    def __init__(self):
        self.n = self.bad = 0

    def ok(self, good, what, why=""):
        self.n += 1
        self.bad += not good
        if why and not good:
            print("# " + why.replace("\n", "\n# "))
        print("%sok %d - models: %s" % ("" if good else "not ", self.n, what), flush=True)


class Case:
    """One case, written below a folder of its own."""

    def __init__(self, folder, kind, case):
        self.kind, (self.name, content, ids, self.why) = kind, case
        self.ids = {ids} if isinstance(ids, str) else set(ids or ())
        self.folder = folder
        self.file = None if isinstance(content, dict) else folder / self.name
        self.reports = []
        for path, data in (content.items() if self.file is None else [(self.name, content)]):
            target = folder / path
            target.parent.mkdir(parents=True, exist_ok=True)
            if isinstance(data, str):
                target.symlink_to(data)
            else:
                target.write_bytes(bytes(data))

    def takes(self, path):
        """Whether a report on path is about this case: a file alone speaks for itself alone."""
        return self.file is None or path == str(self.file)

    def findings(self):
        return sorted({f["rule"] for r in self.reports for f in r["findings"]})

    def told(self):
        lines = []
        for r in self.reports:
            lines.append("%s: %s, %s" % (os.path.relpath(r["path"], self.folder), r["verdict"],
                                         r["format"] or "unknown"))
            for f in r["findings"]:
                if f["severity"] not in ("info", "low") or f["rule"] in self.ids:
                    lines.append("  %s %s: %.100s: %.200s" % (f["severity"], f["rule"],
                                                            f["subject"], f["detail"]))
        return "\n".join(lines[:30]) or "no report"

    def check(self, tap):
        admitted = bool(self.reports) and all(r["verdict"] == "admit" for r in self.reports)
        fired = not self.ids or bool(self.ids & set(self.findings()))
        what = "%s: %s" % (self.kind, self.name)
        if self.kind.endswith("good"):
            tap.ok(admitted, what, "%s\n%s" % (self.why, self.told()))
        else:
            tap.ok(bool(self.reports) and not admitted and fired, what,
                   "%s\nexpected: %s\n%s" % (self.why, " ".join(sorted(self.ids)) or "anything",
                                             self.told()))


def load(path):
    spec = importlib.util.spec_from_file_location("models_" + path.stem, path)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def write_cases(module, name, folder, kinds):
    cases = []
    for kind in kinds:
        for i, case in enumerate(getattr(module, kind)()):
            cases.append(Case(folder / kind / ("%04d" % i), "%s %s" % (name, kind), case))
    return cases


def scan(folder, *options):
    done = subprocess.run([PROGRAM, "scan", "--format", "json", *options, str(folder)], cwd=ROOT,
                          text=True,
                          capture_output=True, timeout=SCAN_SECONDS, check=False)
    try:
        return json.loads(done.stdout)["artifacts"]
    except ValueError:
        raise RuntimeError("%s scan: status %d\n%s" % (
            PROGRAM, done.returncode, (done.stderr or done.stdout)[-2000:])) from None


def hand_out(reports, cases):
    """Each report to the case in whose folder it lies."""
    by_folder = {str(c.folder): c for c in cases}
    for r in reports:
        at = r["path"].rstrip("/")
        while at and at not in by_folder:
            at = os.path.dirname(at) if at != "/" else ""
        if at and by_folder[at].takes(r["path"]):
            by_folder[at].reports.append(r)


def run_module(tap, path, folder, slow):
    try:
        module = load(path)
        cases = write_cases(module, path.stem, folder, ("bad", "good"))
        reports = scan(folder)
        if hasattr(module, "bad_under_model"):
            strict = folder / "policy"
            more = write_cases(module, path.stem, strict, ("bad_under_model",))
            hand_out(scan(strict, "--policy", "model"), more)
            cases += more
    except Exception:  # one part's mistake is not the others'
        tap.ok(False, "%s can be run" % path.stem, traceback.format_exc())
        return
    hand_out(reports, cases)
    for case in cases:
        case.check(tap)
    for r in sorted(reports, key=lambda r: -r["time_us"])[:slow]:
        print("# %.1f ms %s" % (r["time_us"] / 1000, r["path"]))


def modules(names):
    for path in sorted(HERE.glob("*.py")):
        text = path.read_text()
        if path.stem != "run" and not path.name.startswith("_") and \
                not path.stem.endswith("_interop") and "def bad(" in text and \
                "def good(" in text and (not names or path.stem in names):
            yield path


def main():
    arg = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    arg.add_argument("modules", nargs="*")
    arg.add_argument("--keep", metavar="DIR")
    arg.add_argument("--slow", type=int, default=0, metavar="N")
    opt = arg.parse_args()
    tap = Tap()
    sys.path.insert(0, str(HERE))
    with tempfile.TemporaryDirectory(prefix="models-") as tmp:
        base = pathlib.Path(opt.keep or tmp).resolve()
        for path in modules(opt.modules):
            run_module(tap, path, base / path.stem, opt.slow)
    if not tap.n:
        tap.ok(False, "there is a corpus")
    print("1..%d" % tap.n)
    return 1 if tap.bad else 0


if __name__ == "__main__":
    sys.exit(main())
