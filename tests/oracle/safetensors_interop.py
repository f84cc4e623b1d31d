"""The safetensors library against our reader, over honest and mutated headers, and over numbers.

What the library refuses must not be admitted. What it reads and we do not admit must
be one of the lax cases that docs/formats.md lists (LAX below, by the words of that
list), and each of them must have been met. Then every file of tests/safetensors, and
random numbers of every type, whose counts and range numpy and ml_dtypes tell as well.

Usage: safetensors_interop.py [CASES [SEED]]; PRATIQUE names the built program.
"""
import collections
import json
import os
import pathlib
import random
import re
import struct
import subprocess
import sys
import tempfile

import ml_dtypes
import numpy
import safetensors

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
PRATIQUE = os.environ.get("PRATIQUE", os.path.join(ROOT, "build/release/pratique"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 4000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
TYPES = {"BOOL": 8, "U8": 8, "I8": 8, "F8_E5M2": 8, "F8_E4M3": 8, "F8_E8M0": 8, "F4": 4, "F6_E2M3": 6,
         "F6_E3M2": 6, "I16": 16, "U16": 16, "F16": 16, "BF16": 16, "I32": 32, "U32": 32, "F32": 32,
         "I64": 64, "U64": 64, "F64": 64, "C64": 64, "F8_E4M3FNUZ": 8, "F8_E5M2FNUZ": 8}
# What the library reads and we do not: words of docs/formats.md, and what our answer says.
LAX = {
    "space before the first brace": r"does not start with \{",
    "a name given twice": "given twice",
    "fields besides the three": "a field besides dtype, shape and data_offsets",
    "an entry that is a list": "a tensor's entry is no object",
    "a type that is an object": "a string is missing",
    "a type written with escapes": r"type that this version does not know: .*\\",
    "`__metadata__` with escapes": "__metadata__ is written with escapes",
    "`__metadata__` that is null": "__metadata__ is no object",
    "bytes that are another format too": "ENG012",
}
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
    what = r.randrange(9)
    if what == 0:
        t["dtype"] = r.choice(["F32", "F128", "f32", "", None, 1, "U8", {"F32": None}, {t["dtype"]: None}])
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
    elif what == 7:
        header[r.choice(names)] = r.choice([[t["dtype"], t["shape"], t["data_offsets"]], list(t.values())[:2], []])
    else:
        header["__metadata__"] = r.choice([{"a": r.choice([1, None, "b", ["c"]])}, None])


def bend_bytes(r, text, bits):
    """A change to the bytes of the JSON."""
    for _ in range(r.choice([1, 1, 1, 2, 4])):
        i = r.randrange(len(text) + 1)
        what = r.randrange(9)
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
        elif what == 6:
            text = r.choice([b" ", b"\n", b"\xef\xbb\xbf", b"\0", b"//\n"]) + text
        elif what == 7:
            number = r.choice([b"-0", b"1e0", b"0.0", b"00", b"18446744073709551616", b"9223372036854775808",
                               b"1E+0", b"-1", b"4294967296", b"NaN", b"0x0", b"+0", b" 0 ", b"\t8"])
            spots = [m.span() for m in re.finditer(rb"(?<=[\[,])\d+", text)]
            if spots:
                start, end = r.choice(spots)
                text = text[:start] + number + text[end:]
        elif what == 8:  # an escape for a letter, in names, fields and types alike
            spots = [m.start() for m in re.finditer(rb"[A-Za-z]", text)]
            if spots:
                k = r.choice(spots)
                text = text[:k] + b"\\u%04x" % text[k] + text[k + 1:]
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


def ours(folder, *options):
    done = subprocess.run([PRATIQUE, "scan", "--format", "json", *options, folder], stdout=subprocess.PIPE)
    return {os.path.basename(a["path"]): a for a in json.loads(done.stdout)["artifacts"]}


def reasons(answer):
    return " | ".join(f"{f['rule']} {f['message']}: {f['subject']} {f['detail']}" for f in answer["findings"])


def given_twice(data):
    """Whether a name is there twice; then what its first entry says is not the library's concern."""
    def pairs(found):
        twice.extend(k for k, n in collections.Counter(k for k, _ in found).items() if n > 1)
        return dict(found)
    twice = []
    try:
        json.loads(data[8:8 + int.from_bytes(data[:8], "little")], object_pairs_hook=pairs)
    except ValueError:
        pass
    return bool(twice)


def kinds_of(why, data):
    found = [name for name, pattern in LAX.items() if re.search(pattern, why)]
    return found or (["a name given twice"] if given_twice(data) else [])


def compare(cases):
    """Headers: both answers for each, and what their differences are."""
    counts, met = collections.Counter(), collections.Counter()
    admitted, odd = [], []
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
            kinds = kinds_of(reasons(answer), data)
            met.update(kinds)
            if not kinds:
                odd.append((reasons(answer), data))
    for why, data in admitted[:10] + odd[:10]:
        print("#", why, data[:160])
    note = ", ".join(f"{a} and {b}: {n}" for (a, b), n in sorted(counts.items()))
    ok(not admitted, "what the library refuses is never admitted", note)
    ok(not odd, "what it reads is admitted, but for the lax cases that are listed", str(dict(met)))
    ok(counts["read", "admit"] > len(cases) // 8 and counts["refused", "undecided"] > 0, "both kinds were tried")
    return met


def check_list(met):
    """The list in the documentation is the one that holds here."""
    text = pathlib.Path(ROOT, "docs/formats.md").read_text()
    for name in LAX:
        ok(name in text, f"docs/formats.md lists: {name}")
        ok(met[name] > 0, f"was met: {name}")


def corpus():
    sys.path.insert(0, os.path.join(ROOT, "tests/safetensors"))
    sys.dont_write_bytecode = True
    import make_cases
    return make_cases.cases()


def check_good(cases):
    bad = [n for n, data in cases.items() if not n.startswith("broken/") and theirs(data)]
    ok(not bad, "the library reads every good file of the corpus", str(bad))


FLOATS = {"F64": numpy.float64, "F32": numpy.float32, "F16": numpy.float16, "BF16": ml_dtypes.bfloat16,
          "F8_E4M3": ml_dtypes.float8_e4m3fn, "F8_E5M2": ml_dtypes.float8_e5m2,
          "F8_E4M3FNUZ": ml_dtypes.float8_e4m3fnuz, "F8_E5M2FNUZ": ml_dtypes.float8_e5m2fnuz,
          "F8_E8M0": ml_dtypes.float8_e8m0fnu}
PARTS = {"F4": (4, ml_dtypes.float4_e2m1fn), "F6_E2M3": (6, ml_dtypes.float6_e2m3fn),
         "F6_E3M2": (6, ml_dtypes.float6_e3m2fn)}
WHOLES = {"I64": "<i8", "U64": "<u8", "I32": "<i4", "U32": "<u4", "I16": "<i2", "U16": "<u2", "I8": "i1", "U8": "u1",
          "BOOL": "u1"}


def numbers_of(name, body):
    """The numbers of a body, in double precision where they are fractions."""
    if name in FLOATS:
        return numpy.frombuffer(body, FLOATS[name]).astype(numpy.float64)
    if name == "C64":
        return numpy.frombuffer(body, "<f4").astype(numpy.float64)
    if name in WHOLES:
        return numpy.frombuffer(body, WHOLES[name])
    width, kind = PARTS[name]
    bits = numpy.unpackbits(numpy.frombuffer(body, numpy.uint8), bitorder="little").reshape(-1, width)
    return (bits << numpy.arange(width, dtype=numpy.uint8)).sum(1).astype(numpy.uint8).view(kind).astype(numpy.float64)


def told(name, body):
    """What numpy says of them, in our words: NaN, Inf, zero; min and max; the mean."""
    with numpy.errstate(invalid="ignore"):  # a signalling NaN is one on purpose
        x = numbers_of(name, body)
    finite = x[numpy.isfinite(x)]
    counts = (int(numpy.isnan(x).sum()), int(numpy.isinf(x).sum()), int((x == 0).sum()))
    if not finite.size:
        return counts, None, None
    return counts, ("%.6g" % finite.min(), "%.6g" % finite.max()), float(numpy.mean(finite.astype(numpy.longdouble)))


def body_of(r, name):
    """Random numbers: any bits, or of a narrow range, or with one odd one."""
    n = r.choice([24, 240, 2040, 24000, 120000])
    body = bytearray(r.randbytes(n))
    if r.random() < 0.5:  # the upper byte of each is the same, or nearly
        width = max(1, TYPES[name] // (16 if name == "C64" else 8))
        for i in range(width - 1, n, width):
            body[i] = r.choice([0x3c, 0xbc]) if r.random() < 0.999 else body[i]
    return bytes(body)


def check_numbers(r, count):
    names, bodies = list(TYPES), []
    with tempfile.TemporaryDirectory() as folder:
        for i in range(count):
            name = names[i % len(names)]
            bodies.append((name, body_of(r, name)))
            n = len(bodies[i][1])
            text = json.dumps({"w": {"dtype": name, "shape": [n * 8 // TYPES[name]], "data_offsets": [0, n]}}).encode()
            with open(os.path.join(folder, f"{i:05}.safetensors"), "wb") as f:
                f.write(struct.pack("<Q", len(text)) + text + bodies[i][1])
        answers = ours(folder, "--values")
    bad = []
    for i, (name, body) in enumerate(bodies):
        detail = next(c["detail"] for c in answers[f"{i:05}.safetensors"]["components"] if c["format"] == "tensor")
        counts, ends, mean = told(name, body)
        got = re.search(r"(?:min (\S+), max (\S+), mean (\S+), )?(\d+) NaN, (\d+) Inf, (\d+) zero", detail)
        same = tuple(map(int, got.groups()[3:])) == counts
        if ends:
            span = max(abs(float(e)) for e in ends)
            same = same and got.groups()[:2] == ends and abs(float(got[3]) - mean) <= 1e-5 * abs(mean) + 1e-9 * span
        if not same:
            bad.append(f"{name}: {detail}, not {counts} {ends} {mean}")
    for line in bad[:10]:
        print("#", line)
    ok(not bad, f"{count} tensors of random numbers, {len(names)} types: counts, range and mean are numpy's")


def main():
    r = random.Random(SEED)
    found = corpus()
    met = compare([make(r) for _ in range(CASES)] + list(found.values()))
    check_list(met)
    check_good(found)
    check_numbers(r, 600)
    print(f"1..{tests}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
