#!/usr/bin/env python3
"""Real packages under the policy package. TAP.

    popular_interop.py [--real|--popular] [FOLDER...]

Those of real.tsv must get what it says, each for a reason that was found by reading it. Those
that everybody installs (tests/watch/popular.txt, tests/unpack/popular.txt) must come through:
none refused, and at most 3 of 100 held, each with its reason in popular_held.tsv. FOLDER: files
that are there already are taken from it; the rest is fetched into build/interop/package by pip's
own finder, which builds and runs nothing. PRATIQUE names the program.
"""
import argparse
import contextlib
import json
import os
import pathlib
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
sys.path[:0] = [str(HERE), str(ROOT / "tests/unpack")]

import run  # noqa: E402

KEPT = ROOT / "build/interop/package"
MOST_HELD = 3  # of a hundred
PER_RUN = 25


def finder_of(stack):
    """(name, version, kind) -> path, fetched by pip's finder, as long as the stack is open."""
    import fetch
    from pip._internal.commands import create_command
    from pip._internal.network.download import Downloader
    from pip._vendor.packaging.specifiers import SpecifierSet

    command = create_command("download")
    options, _ = command.parse_args(["-q", "--disable-pip-version-check", "--pre", "x"])
    stack.enter_context(command.main_context())
    session = command.get_default_session(options)
    finders = {k: fetch.finder_of(k, session, command, options) for k in ("wheel", "sdist")}
    download = Downloader(session, "off")

    def get(name, version, kind):
        best = finders[kind].find_best_candidate(name, SpecifierSet("==" + version)).best_candidate
        if best is None:
            return None
        folder = KEPT / kind
        folder.mkdir(parents=True, exist_ok=True)
        path = folder / best.link.filename
        if not path.exists():
            download(best.link, str(folder))
        return path
    return get


def normal(name):
    return name.lower().replace("-", "_").replace(".", "_")


def name_of(file):
    """Of a wheel or an sdist, whose name may hold hyphens."""
    return normal(file.split("-")[0] if file.endswith(".whl") else file.rpartition("-")[0])


def kept(folders):
    """{(kind, name, version): path} of what is there."""
    out = {}
    for folder in folders:
        for path in sorted(pathlib.Path(folder).rglob("*")):
            if path.name.endswith(".whl") and path.is_file():
                name, version = path.name.split("-")[:2]
                out["wheel", normal(name), version] = path
            elif path.name.endswith(".tar.gz"):
                name, _, version = path.name.removesuffix(".tar.gz").rpartition("-")
                out["sdist", normal(name), version] = path
    return out


class Store:
    def __init__(self, folders, stack):
        self.stack = stack
        self.there = kept([*folders, KEPT, ROOT / "build/popular/wheels", ROOT / "build/interop/popular"])
        self.finder = None

    def get(self, kind, name, version):
        path = self.there.get((kind, normal(name), version))
        if path is None:
            self.finder = self.finder or finder_of(self.stack)
            path = self.finder(name, version, kind)
        return path


def scan_all(paths):
    """{path: artifact}, some at a time: one that is slow does not cost all."""
    out = {}
    for i in range(0, len(paths), PER_RUN):
        out.update(run.scan(paths[i:i + PER_RUN]))
    return out


def fault_of(artifact, verdicts, findings, judges):
    if artifact is None:
        return "no report"
    if artifact["verdict"] not in verdicts:
        return f"{artifact['verdict']}, wanted {' or '.join(verdicts)}: {run.said(artifact)}"
    seen = {f["rule"] for f in artifact["findings"]}
    for wanted in findings:
        if not any(judges.get(w, set()) & seen for w in wanted.split("/")):
            return f"without {wanted}: {run.said(artifact)}"
    return None


def check_real(tap, store):
    judges, wanted = run.rules(), {}
    for kind, pin, verdicts, findings, why in run.table("real.tsv"):
        path = store.get(kind, *pin.split("=="))
        if path is None:
            print(f"# {pin}: no {kind} is to be had")
            continue
        wanted[str(path)] = (pin, verdicts.split(","), [] if findings == "-" else findings.split(","), why)
    found = scan_all(list(wanted))
    for path, (pin, verdicts, findings, why) in wanted.items():
        fault = fault_of(found.get(path), verdicts, findings, judges)
        tap.ok(fault is None, f"{pin}: {' or '.join(verdicts)}", f"{fault} ({why})")
        if fault is None:
            print(f"#   {found[path]['verdict']}: {run.said(found[path])}")


def popular(store):
    lines = (ROOT / "tests/watch/popular.txt").read_text().splitlines()
    for line in lines:
        if "==" in line and line[0] != "#":
            path = store.get("wheel", *line.split()[0].split("=="))
            if path:
                yield path
    yield from sorted((ROOT / "build/interop/popular").rglob("*.*"))


def check_popular(tap, store, folders):
    paths = {p.name: str(p) for p in popular(store)}
    real = {normal(row[1].split("==")[0]) for row in run.table("real.tsv")}
    paths.update({p.name: str(p) for f in folders for p in pathlib.Path(f).iterdir()
                  if p.name.endswith((".whl", ".tar.gz")) and name_of(p.name) not in real})
    found = scan_all(sorted(paths.values()))
    reasons = {row[0]: row[1] for row in run.table("popular_held.tsv")}
    count = {}
    for path, artifact in sorted(found.items()):
        name = name_of(pathlib.Path(path).name)
        count[artifact["verdict"]] = count.get(artifact["verdict"], 0) + 1
        if artifact["verdict"] != "admit":
            print(f"# {pathlib.Path(path).name}: {artifact['verdict']}: {run.said(artifact)}"
                  f" ({reasons.get(name, 'no reason is known')})")
    print(f"# {len(found)} popular packages: {json.dumps(count)}")
    tap.ok(not count.get("refuse"), "no popular package is refused")
    tap.ok(not count.get("undecided"), "each popular package is read to its end")
    tap.ok(count.get("hold", 0) <= MOST_HELD * len(found) / 100,
           f"at most {MOST_HELD} of 100 popular packages are held")
    tap.ok(len(found) >= 90, f"{len(found)} popular packages are here, at least 90")


def main():
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("--real", action="store_true", help="only those of real.tsv")
    arg.add_argument("--popular", action="store_true", help="only the popular ones")
    arg.add_argument("folders", nargs="*")
    opt = arg.parse_args()
    tap = run.Tap(False)
    with contextlib.ExitStack() as stack:
        store = Store(opt.folders, stack)
        if not opt.popular:
            check_real(tap, store)
        if not opt.real:
            check_popular(tap, store, opt.folders)
    print(f"1..{tap.n}")
    return 1 if tap.bad else 0


if __name__ == "__main__":
    os.environ.setdefault("PIP_NO_INPUT", "1")
    sys.exit(main())
