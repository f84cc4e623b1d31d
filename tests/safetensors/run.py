#!/usr/bin/env python3
"""Scans the files of make_cases.py and compares with expected.tsv. TAP on standard output.

Each row: the file, the verdict, the rules that fire (above informational ones), parted by
commas. Files of values/ are scanned with --values, and once without, when none of their rules
may fire. Usage: run.py [--update]    PRATIQUE names the program
"""
import json
import os
import pathlib
import subprocess
import sys
import tempfile
import zipfile

import make_cases

HERE = pathlib.Path(__file__).resolve().parent
TABLE = HERE / "expected.tsv"
PROGRAM = os.environ.get("PRATIQUE", str(HERE.parent.parent / "build/release/pratique"))
NUMBERS = ("MDL090", "MDL091", "MDL092", "MDL093", "MDL094")  # rules on values
tests = 0


def ok(good, what, why=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - safetensors: {what}")
    if why and not good:
        print(f"# {why}")
    return good


def scan(folder, *options):
    """{"good/torch": (verdict, "MDL055"), ...} and the whole answer."""
    done = subprocess.run([PROGRAM, "scan", "--format", "json", *options, str(folder)],
                          stdout=subprocess.PIPE, check=False)
    found, whole = {}, {}
    for a in json.loads(done.stdout)["artifacts"]:
        name = os.path.relpath(a["path"], folder)[:-len(".safetensors")]
        rules = sorted({f["rule"] for f in a["findings"] if f["severity"] != "info"})
        found[name], whole[name] = (a["verdict"], ",".join(rules) or "-"), a
    return found, whole


def wanted():
    rows = [line.split("\t") for line in TABLE.read_text().splitlines() if line[:1] != "#"]
    return {name: (verdict, rules) for name, verdict, rules in rows}


def update(found):
    head = ["# file, verdict, rules; made by run.py --update, to be read before it is kept"]
    TABLE.write_text("\n".join(head + ["\t".join((n, *found[n])) for n in sorted(found)]) + "\n")


def check_table(found, want):
    for name in sorted(set(found) | set(want)):
        ok(found.get(name) == want.get(name), name, f"{found.get(name)}, not {want.get(name)}")
    for folder, least, verdicts in (("good/", 25, {"admit"}), ("values/good_", 12, {"admit"}),
                                    ("broken/", 60, {"hold", "refuse", "undecided"})):
        rows = [v for n, (v, _) in want.items() if n.startswith(folder)]
        ok(len(rows) >= least and set(rows) <= verdicts, f"{len(rows)} files of {folder}*")
    rows = [v for n, (v, _) in want.items() if n.startswith("values/") and "/good_" not in n]
    ok(len(rows) >= 24 and set(rows) == {"hold"}, f"{len(rows)} files of values/")


def check_without(folder, want):
    found, _ = scan(folder / "values")
    bad = [n for n, (v, rules) in found.items() if v != "admit" or set(rules.split(",")) & set(NUMBERS)]
    ok(found and not bad, "without --values no number is looked at", str(bad))


def tensors(artifact):
    return [c["detail"] for c in artifact["components"] if c["format"] == "tensor"]


def check_statistics(whole):
    text = " | ".join(tensors(whole["values/nan_f32"]))
    ok("w: F32 [3000], min -0.49" in text and "1 NaN, 0 Inf" in text, "range and counts are told", text)
    text = " | ".join(tensors(whole["values/good_uint64_most"]))
    ok("max 1.84467e+19, mean 1.84467e+19" in text, "the greatest numbers do not overflow", text)
    text = " | ".join(tensors(whole["values/good_f4_all_patterns"]))
    ok("min -6, max 6" in text and "32 zero" in text, "numbers of four bits", text)
    where = [f for f in whole["values/nan_f32_one_in_a_million"]["findings"] if f["rule"] == "MDL090"]
    data = make_cases.cases()["values/nan_f32_one_in_a_million"]
    at = 8 + int.from_bytes(data[:8], "little") + 400 + 4 * 777_777
    ok(where and where[0]["offset"] == at, "the place of a NaN is told", f"{where}, not {at}")


def check_nested(folder):
    """Inside an archive, stored and compressed."""
    names = ["values/nan_f32", "values/zero_matrix", "values/bool_two"]
    cases = make_cases.cases()
    for how in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        with zipfile.ZipFile(folder / "outer.zip", "w", how) as z:
            for name in names:
                z.writestr(name + ".safetensors", cases[name])
        done = subprocess.run([PROGRAM, "scan", "--values", "--format", "json", str(folder / "outer.zip")],
                              stdout=subprocess.PIPE, check=False)
        rules = {f["rule"] for f in json.loads(done.stdout)["artifacts"][0]["findings"]}
        ok({"MDL090", "MDL091", "MDL094"} <= rules, f"values inside a zip ({how})", str(rules))


def check_many(folder):
    """Very many bad tensors: each is counted, some are named, and the answer is whole."""
    nan = bytes.fromhex("0000c07f")
    data = make_cases.make({f"t{i}": ("F32", [1], nan) for i in range(30_000)})
    (folder / "many.safetensors").write_bytes(data)
    found, whole = scan(folder / "many.safetensors", "--values")
    a = next(iter(whole.values()))
    counts = sum(f["count"] for f in a["findings"] if f["rule"] == "MDL090")
    ok(a["verdict"] == "hold" and counts == 30_000, "thirty thousand bad tensors", f"{a['verdict']} {counts}")


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        make_cases.write(folder / "cases")
        found, _ = scan(folder / "cases")
        numbers, whole = scan(folder / "cases" / "values", "--values")
        found.update({"values/" + n: v for n, v in numbers.items()})
        whole = {"values/" + n: v for n, v in whole.items()}
        if "--update" in sys.argv[1:]:
            update(found)
        check_table(found, wanted())
        check_without(folder / "cases", wanted())
        check_statistics(whole)
        check_nested(folder)
        check_many(folder)
    print(f"1..{tests}")


if __name__ == "__main__":
    main()
