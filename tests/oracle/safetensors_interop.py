"""The safetensors library against our reader, over honest and mutated headers.

What the library refuses must not be admitted. What the library reads and we do
not admit is counted, and must be of one of the kinds where we are strict.

Usage: safetensors_interop.py [CASES [SEED]]; PRATIQUE names the built program.
"""
import collections
import json
import os
import random
import struct
import subprocess
import sys
import tempfile

import safetensors

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRATIQUE = os.environ.get("PRATIQUE", os.path.join(ROOT, "build/release/pratique"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
TYPES = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6,
         "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
         "I64": 64, "U64": 64, "F64": 64, "C64": 64, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8}
# Where the library is laxer than its own specification, or reads what nobody writes.
STRICT = ("does not start with {", "a field besides", "is no object", "given twice", "with escapes",
          "of no format", "is missing", "not known", "belongs to no")
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - safetensors oracle: {name}{note and ' # ' + note}")


def honest(r):
    """A header as the library would write it, and how many bytes follow."""
    header, at = {}, 0
    if r.random() < 0.4:
        header["__metadata__"] = {f"k{i}": r.choice(["v", "é", "gASV", ""]) for i in range(r.randrange(4))}
    for i in range(r.randrange(4)):
        kind = r.choice(list(TYPES))
        shape = [r.choice([0, 1, 2, 4, 8]) for _ in range(r.randrange(4))]
        bits = TYPES[kind]
        for n in shape:
            bits *= n
        if bits % 8:
            shape, bits = [8], 8 * TYPES[kind]
        header[r.choice(["a", "weight", "é\"", "x\\y", ""]) + str(i)] = {
            "dtype": kind, "shape": shape, "data_offsets": [at, at + bits // 8]}
        at += bits // 8
    return header, at


def bend_value(r, header):
    """One wrong value somewhere."""
    names = [k for k in header if k != "__metadata__"]
    if not names:
        header["__metadata__"] = r.choice([None, {}, [], {"a": 1}, {"a": None}, {"a": {}}, "x"])
        return
    t = header[r.choice(names)]
    what = r.randrange(8)
    if what == 0:
        t["dtype"] = r.choice(["F32", "F128", "f32", "", None, 1, "U8"])
    elif what == 1:
        t["shape"] = r.choice([[1 << 40, 1 << 40], [-1], [1.0], [1.5], None, "2", [[1]], [1 << 64], [0, 1 << 63, 4]])
    elif what == 2:
        t["data_offsets"] = r.choice([[0], [0, 1, 2], [1, 0], [-1, 0], [0.0, 1], None, [0, 1 << 64], {"0": 0}])
    elif what == 3:
        t["data_offsets"][r.randrange(2)] += r.choice([-1, 1, 8, 1 << 62])
    elif what == 4:
        t.pop(r.choice(list(t)))
    elif what == 5:
        t["extra"] = r.choice([1, "x", None, [1], {"a": {}}])
    elif what == 6:
        header["more"] = dict(t)
    else:
        header["__metadata__"] = {"a": r.choice([1, None, "b", ["c"]])}


def bend_bytes(r, text, bits):
    """A change to the bytes of the JSON."""
    for _ in range(r.choice([1, 1, 1, 2, 4])):
        i = r.randrange(len(text) + 1)
        what = r.randrange(6)
        if what == 0 and text:
            text = text[:i] + bytes([r.choice(b'{}[]",:0123456789 \t\n\\u\x00\xff-.eE')]) + text[i + 1:]
        elif what == 1:
            text = text[:i] + text[i + 1:]
        elif what == 2:
            text = text[:i] + r.choice([b" ", b"\n", b"\t", b"\r", b"\\u0041", b"\\ud800", b"\x0b", b"\xef\xbb\xbf",
                                        b"0", b",", b"\\/", b"\\x41", b"\xed\xa0\x80"]) + text[i:]
        elif what == 3 and b'"a' in text:
            text = text.replace(b'"a', b'"\\u0061', 1)
        elif what == 4 and text.endswith(b"}"):
            text += r.choice([b"", b" ", b"   ", b"\n", b"\0", b"x", b"{}", b"}"])
        elif what == 5 and text.count(b"},") > 0:
            text = text[:-1] + b"," + text[1:]  # every entry twice
    return text, bits


def make(r):
    header, n = honest(r)
    kind = r.randrange(5)
    if kind == 0:
        bend_value(r, header)
    text = json.dumps(header, separators=r.choice([(",", ":"), (", ", ": ")]),
                      ensure_ascii=r.random() < 0.5).encode()
    if kind == 1:
        text, n = bend_bytes(r, text, n)
    text += b" " * r.choice([0, 0, 1, 7])
    length, body = len(text), n
    if kind == 2:
        body = max(0, n + r.choice([-1, 1, 8, -8]))
    if kind == 3:
        length += r.choice([-1, 1, 2, 8, 1 << 20, 1 << 32, 1 << 63])
    return struct.pack("<Q", length % (1 << 64)) + text + bytes(body)


def theirs(data):
    try:
        safetensors.deserialize(data)
        return ""
    except Exception as e:
        return str(e) or type(e).__name__


def ours(folder):
    done = subprocess.run([PRATIQUE, "scan", "--format", "json", folder], stdout=subprocess.PIPE)
    return {os.path.basename(a["path"]): a for a in json.loads(done.stdout)["artifacts"]}


def reasons(answer):
    return " | ".join(f"{f['message']}: {f['subject']} {f['detail']}" for f in answer["findings"])


def main():
    r = random.Random(SEED)
    cases = [make(r) for _ in range(CASES)]
    counts = collections.Counter()
    admitted, strict = [], []
    with tempfile.TemporaryDirectory() as folder:
        for i, data in enumerate(cases):
            with open(os.path.join(folder, f"{i:05}.safetensors"), "wb") as f:
                f.write(data)
        answers = ours(folder)
    for i, data in enumerate(cases):
        answer, error = answers[f"{i:05}.safetensors"], theirs(data)
        counts["refused" if error else "read", answer["verdict"]] += 1
        if error and answer["verdict"] == "admit":
            admitted.append((error, data))
        if not error and answer["verdict"] != "admit":
            strict.append((reasons(answer), data))
    for error, data in admitted[:10]:
        print("#", error, data[:160])
    odd = [(why, data) for why, data in strict if not any(s in why for s in STRICT)]
    for why, data in odd[:10]:
        print("#", why, data[:160])
    note = ", ".join(f"{a} and {b}: {n}" for (a, b), n in sorted(counts.items()))
    ok(not admitted, "what the library refuses is never admitted", note)
    ok(not odd, "what it reads is admitted, but for known strictness", f"{len(strict)} stricter")
    ok(counts["read", "admit"] > CASES // 8 and counts["refused", "undecided"] > 0, "both kinds were tried")
    return 1 if admitted or odd else 0


if __name__ == "__main__":
    sys.exit(main())
