#!/usr/bin/env python3
"""Beside the onnx library: what it refuses to load is not admitted, what is admitted it loads.

The corpus of tests/models/onnx.py, the fixtures, and each of them damaged a few thousand times:
bytes changed, cut, doubled, moved. Where the library parses a file, its checker's word on tensors
and on data beside the model counts too; what it says of operators and of the order of nodes is no
matter of what loading does. TAP on standard output.

Usage: onnx_interop.py [SEED]    PRATIQUE names the program; build/release/pratique without it
"""
import importlib.util
import json
import os
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.pop(0)  # the corpus beside this file has the library's name
import onnx.checker

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
PROGRAM = os.environ.get("PRATIQUE") or os.environ.get("PRATIQUE_BIN") or str(ROOT / "build/release/pratique")
DAMAGED = {"bad": 10, "good": 300}  # of each file

# Words of the checker that are about what a reader of the file would do, not about operators.
GRAVE = ("tensorproto", "external data", "raw_data", "data_type", "data location", "sparsetensor", "has_segment")


def corpus():
    spec = importlib.util.spec_from_file_location("cases", HERE / "onnx.py")
    cases = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(cases)
    for kind, gen in (("bad", cases.bad_onnx), ("good", cases.good_onnx)):
        for name, content, _, _ in gen():
            if isinstance(content, bytes) and name.endswith(".onnx"):
                yield kind, name, content


def damage(data, rng):
    data = bytearray(data)
    for _ in range(rng.choice((1, 1, 1, 2, 4))):
        at, n = rng.randrange(len(data)), rng.randrange(1, 9)
        how = rng.randrange(6)
        if how == 0:
            data[at] ^= 1 << rng.randrange(8)
        elif how == 1:
            data[at] = rng.randrange(256)
        elif how == 2:
            del data[at:at + n]
        elif how == 3:
            data[at:at] = data[at:at + n]
        elif how == 4:
            data[at:at] = bytes(rng.randrange(256) for _ in range(n))
        else:
            del data[max(8, len(data) - n):]
        if len(data) < 8:
            break
    return bytes(data)


def library(data):
    """Why the library does not take it, or None."""
    model = onnx.ModelProto()
    try:
        model.ParseFromString(data)
    except Exception as e:  # google.protobuf.message.DecodeError, and what its backends raise
        return "load: %s" % str(e)[:100]
    try:
        onnx.checker.check_model(data)
    except Exception as e:
        text = str(e)
        absent = "doesn't exist" in text or "not regular file" in text
        if not absent and any(word in text.lower() for word in GRAVE):
            return "checker: %s" % text[:160].replace("\n", " ")
    return None


def scan(folder):
    done = subprocess.run([PROGRAM, "scan", "--format", "json", str(folder)], capture_output=True, text=True, check=False)
    try:
        report = json.loads(done.stdout)
    except ValueError:
        sys.exit("Bail out! status %d: %s" % (done.returncode, done.stderr[-2000:]))
    return {pathlib.Path(a["path"]).name: a for a in report["artifacts"]}


def main():
    rng = random.Random(int(sys.argv[1]) if len(sys.argv) > 1 else 20)
    files, total = {}, 0
    for kind, name, data in corpus():
        files[name], total = data, total + 1
        for i in range(DAMAGED[kind]):
            files["%s.%d.onnx" % (name[:-5], i)] = damage(data, rng)
    with tempfile.TemporaryDirectory() as folder:
        for name, data in files.items():
            (pathlib.Path(folder) / name).write_bytes(data)
        reports = scan(folder)
    wrong, admitted, refused = [], 0, 0
    for name, data in files.items():
        why = library(data)
        report = reports.get(name)
        refused += why is not None
        admitted += report is not None and report["verdict"] == "admit"
        if why and (report is None or report["verdict"] == "admit"):
            wrong.append("%s: %s" % (name, why))
    for line in wrong[:40]:
        print("# " + line)
    print("# %d files (%d whole): the library refuses %d, %d are admitted" % (len(files), total, refused, admitted))
    print("%sok 1 - onnx: what the library does not take is not admitted" % ("not " if wrong else ""))
    print("%sok 2 - onnx: some are admitted, some refused" % ("" if admitted > 20 and refused > 20 else "not "))
    print("1..2")


main()
