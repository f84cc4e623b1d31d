"""numpy against our reader of .npy files, over honest and bent headers.

What numpy cannot read must not be admitted; where it would unpickle the body, the body must
have been inspected (it names a command, so: refuse). What numpy reads and we do not admit is
counted, and must be of one of the kinds where we are strict.

Usage: numpy_interop.py [CASES [SEED]]; PRATIQUE names the built program.
"""
import collections
import io
import json
import os
import random
import struct
import subprocess
import sys
import tempfile
import warnings

import numpy
import numpy.lib.format

IMPL = sys.modules.get("numpy.lib._format_impl", numpy.lib.format)
ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRATIQUE = os.environ.get("PRATIQUE", os.path.join(ROOT, "build/release/pratique"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 2000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
PICKLE = b"cposix\nsystem\n."  # named, never called
CODES = ["<f8", ">f4", "|b1", "|i1", "<u2", "<c16", "|S3", "<U2", "|V5", "<M8[ns]", "<m8[3D]", "|S0",
         "f8", "d", "?", "float32", "int", "str", "M8", "|O", "O", "object", "|O8", "T", "f8,i4",
         "f8,O", "(2,)f4", "(2,)O", "i3", "", "a4", "c", "complex128", "longdouble", ">O"]
# Literals and types that numpy never writes: they could mean something else to another reader.
STRICT = ("a dtype that numpy does not write", "an escape in a name", "strings that Python joins",
          "a number is missing", "punctuation is missing", "a number with a leading zero",
          "a string is missing", "a key that is unknown or there twice", "nested too deeply",
          "text after the dictionary", "a field's name is no pair", "a dtype with more than a shape",
          "a shape that is no tuple", "a number past 63 bits", "fortran_order is no bool")
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - numpy oracle: {name}{note and ' # ' + note}")


def a_type(r, depth=0):
    """A descr as text."""
    kind = r.random()
    if depth > 2 or kind < 0.6:
        return repr(r.choice(CODES))
    if kind < 0.7:
        return f"({a_type(r, depth + 1)}, {a_shape(r)})"
    fields = []
    for i in range(r.randrange(1, 4)):
        name = r.choice([f"'n{i}'", f"\"it's{i}\"", f"('t{i}', 'm{i}')", f"'\\x41{i}'", "''"])
        shape = r.choice(["", "", ", 2", f", {a_shape(r)}"])
        fields.append(f"({name}, {a_type(r, depth + 1)}{shape})")
    return "[" + ", ".join(fields) + "]"


def a_shape(r):
    n = [str(r.choice([0, 1, 2, 3])) + r.choice(["", "", "", "L"]) for _ in range(r.randrange(3))]
    return "(" + ", ".join(n) + ("," if len(n) == 1 else "") + ")"


def a_header(r):
    parts = [f"'descr': {a_type(r)}", f"'fortran_order': {r.choice(['True', 'False'])}",
             f"'shape': {a_shape(r)}"]
    if r.random() < 0.1:
        r.shuffle(parts)
    if r.random() < 0.05:
        parts.append(r.choice(parts))
    return "{" + ", ".join(parts) + r.choice([", }", "}", ", }  \n"])


def bend(r, text):
    """The same with a few characters changed."""
    bits = ["'", '"', "(", ")", "[", "]", ",", ":", "O", "|", "\\", "\n", "#", "1", "0", "-", "+", "u", "b",
            " ", "\\x4f", "'O'", "('O',)", "True", "None", "{", "}", "''", "0x1", "1.5", "e", "r'"]
    for _ in range(r.randrange(1, 3)):
        at = r.randrange(len(text) + 1)
        end = at + r.choice([0, 0, 1, 1, 2])
        text = text[:at] + r.choice(bits + [""]) + text[end:]
    return text


def a_file(r):
    text = a_header(r)
    if r.random() < 0.6:
        text = bend(r, text)
    version = r.choice([1, 1, 2, 3])
    data = text.encode("utf-8" if version == 3 else "latin1")
    front = (b"\x93NUMPY" + bytes([version, 0])
             + struct.pack("<H" if version == 1 else "<I", len(data)) + data)
    f = io.BytesIO(front[8:])
    try:
        shape, _, dtype = IMPL._read_array_header(f, (version, 0))
        if dtype.hasobject:
            return front + PICKLE
        return front + bytes(int(numpy.prod(shape, dtype=object)) * dtype.itemsize)
    except Exception:  # numpy says no, whatever follows
        return front + r.choice([b"", bytes(8), PICKLE])


def what_numpy_does(data):
    """"reads", "unpickles" or "refuses"."""
    seen, load = [], IMPL.pickle.load
    IMPL.pickle.load = lambda *_, **__: seen.append(1) or numpy.zeros(0)
    try:
        with tempfile.TemporaryFile() as f:
            f.write(data)
            f.seek(0)
            numpy.load(f, allow_pickle=True)
        return "unpickles" if seen else "reads"
    except Exception:
        return "unpickles" if seen else "refuses"
    finally:
        IMPL.pickle.load = load


def our_answers(folder):
    done = subprocess.run([PRATIQUE, "scan", "--format", "json", folder], capture_output=True)
    report = json.loads(done.stdout)
    answers = {}
    for a in report["artifacts"]:
        why = " ".join(f["detail"] + f.get("message", "") for f in a["findings"])
        answers[os.path.basename(a["path"])] = a["verdict"], why
    return answers


def main():
    warnings.simplefilter("ignore")
    r = random.Random(SEED)
    files = [a_file(r) for _ in range(CASES)]
    with tempfile.TemporaryDirectory() as folder:
        for i, data in enumerate(files):
            with open(os.path.join(folder, f"{i:06}.npy"), "wb") as f:
                f.write(data)
        answers = our_answers(folder)
    kinds, wrong, strict = collections.Counter(), [], collections.Counter()
    for i, data in enumerate(files):
        verdict, why = answers[f"{i:06}.npy"]
        does = what_numpy_does(data)
        kinds[does, verdict] += 1
        no_body = data.rstrip().endswith(b"}") and does == "refuses"  # elements of no bytes
        if verdict == "admit" and does != "reads" and not no_body:
            wrong.append(f"{does}: {data[10:150]!r}")
        elif does == "unpickles" and verdict == "hold":
            wrong.append(f"only held: {data[10:150]!r}")
        elif does == "reads" and verdict != "admit":
            kind = next((s for s in STRICT if s in why), None)
            strict[kind] += 1
            if not kind:
                wrong.append(f"not read ({why}): {data[10:150]!r}")
    for line in wrong[:20]:
        print("#", line)
    print("#", dict(kinds))
    print("#", dict(strict))
    ok(not wrong, f"{CASES} files: what numpy refuses is not admitted, what it unpickles was read",
       f"{len(wrong)} differ" if wrong else "")
    ok(kinds["unpickles", "refuse"] > CASES // 20, "objects are found", str(kinds["unpickles", "refuse"]))
    ok(kinds["reads", "admit"] > CASES // 20, "arrays are read", str(kinds["reads", "admit"]))


main()
