"""CPython against the pickle machine.

The opcode table is compared with pickletools. Then random and mutated pickles
are run by CPython's own unpickler, with find_class replaced so that nothing real
is reached: whatever CPython resolves, calls or changes must be among the facts.
Being stricter or more talkative than CPython is fine, and counted.

Usage: pickle_oracle.py [CASES [SEED]]; PRATIQUE_FACTS names the built tests/oracle/facts.
"""
import io, os, pickle, pickletools, random, re, struct, subprocess, sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
FACTS = os.environ.get("PRATIQUE_FACTS", os.path.join(ROOT, "build/release/facts"))
CASES = int(sys.argv[1]) if len(sys.argv) > 1 else 6000
SEED = int(sys.argv[2]) if len(sys.argv) > 2 else 1
LOG = []
tests = 0


def ok(good, name, note=""):
    global tests
    tests += 1
    print(f"{'ok' if good else 'not ok'} {tests} - pickle oracle: {name}{note and ' # ' + note}")
    return good


def compare_opcodes():
    text = open(os.path.join(ROOT, "src/format/pickle/opcodes.def")).read()
    ours = {int(c, 16): (n, int(p)) for c, n, p in
            re.findall(r"OP\((0x..), (\w+), ARG_\w+, (\d)\)", text)}
    theirs = {ord(o.code): (o.name, o.proto) for o in pickletools.opcodes}
    ok(ours == theirs, "opcodes are those of pickletools", f"{len(ours)} opcodes")


class Made:
    """Stands for anything that a global is; remembers what is done to it."""

    def __new__(cls, *args, **kwargs):
        LOG.append(("call", cls.full))
        return object.__new__(cls)

    def __call__(self, *args, **kwargs):
        LOG.append(("computed", self.full))
        return self

    def __setstate__(self, state):
        LOG.append(("build", self.full))

    def append(self, item):
        LOG.append(("method", self.full))

    def extend(self, items):
        LOG.append(("method", self.full))

    def add(self, item):
        LOG.append(("method", self.full))

    def __setitem__(self, key, value):
        LOG.append(("method", self.full))


class Unpickler(pickle.Unpickler):
    def find_class(self, module, name):
        full = f"{module}.{name}"
        LOG.append(("global", full))
        return type("Made", (Made,), {"full": full})

    def persistent_load(self, pid):
        LOG.append(("persid", ""))
        return object.__new__(type("Made", (Made,), {"full": "persid"}))


def cpython(data):
    LOG.clear()
    try:
        Unpickler(io.BytesIO(data)).load()
        return True, list(LOG)
    except RecursionError:
        return False, []
    except Exception:
        return False, list(LOG)


def huge_memo(data):
    """CPython would allocate the memo for the index: not on this machine."""
    i = data.find(b"r")
    while i >= 0:
        if struct.unpack("<I", data[i + 1:i + 5].ljust(4, b"\0"))[0] > 1000000:
            return True
        i = data.find(b"r", i + 1)
    return re.search(rb"p\s*[0-9_]{7,}", data) is not None


NAMES = ["alpha", "beta", "gamma", "delta.eps", "append", "__class__"]


def text(rng):
    s = rng.choice(NAMES + ["os", "mod.sub", "x" * 20]).encode()
    return rng.choice([b"X" + struct.pack("<I", len(s)) + s, b"\x8c" + bytes([len(s)]) + s,
                       b"V" + s + b"\n", b"S'" + s + b"'\n", b"U" + bytes([len(s)]) + s])


def random_pickle(rng):
    out = [rng.choice([b"", b"\x80\x02", b"\x80\x04", b"\x80\x03", b"\x80\x05"])]
    simple = [b"N", b"\x88", b"K\x07", b"J\x01\0\0\0", b"I5\n", b"L7L\n", b"F1.5\n", b"]", b"}",
              b")", b"\x8f", b"G" + b"\0" * 8, b"C\x02ab", b"\x8a\x01\x05", b"B\x01\0\0\0a"]
    ops = [b"(", b"a", b"e", b"s", b"u", b"b", b"R", b"o", b"t", b"l", b"d", b"0", b"1", b"2",
           b"\x85", b"\x86", b"\x87", b"\x81", b"\x92", b"\x93", b"\x94", b"\x90", b"\x91", b"Q",
           b"q\x00", b"q\x01", b"h\x00", b"h\x01", b"p2\n", b"g2\n", b"r\x07\0\0\0", b"j\x07\0\0\0"]
    for _ in range(rng.randrange(3, 40)):
        kind = rng.random()
        if kind < 0.30:
            out.append(rng.choice(simple))
        elif kind < 0.45:
            out.append(text(rng))
        elif kind < 0.55:
            out.append(b"cmod%d\nname%d\n" % (rng.randrange(3), rng.randrange(3)))
        elif kind < 0.58:
            out.append(b"(imod\nname%d\n" % rng.randrange(3))
        elif kind < 0.62:
            out.append(b"cmod\ncls\n)" + rng.choice([b"R", b"\x81", b"\x85R"]))
        elif kind < 0.65:
            out.append(text(rng) + text(rng) + b"\x93")
        elif kind < 0.70:
            out.append(rng.choice([b"(", b"((", b")R", b"}b", b"]b", b"Nb"]))
        else:
            out.append(rng.choice(ops))
    out.append(b".")
    return b"".join(out)


class Point:
    def __init__(self, x):
        self.x, self.y = x, {"k": (x, [x])}


class Thing(list):
    pass


def real_pickles():
    import collections, datetime, decimal, fractions
    thing = Thing([1, 2])
    thing.extra = 5
    values = [Point(3), [Point(i) for i in range(4)], thing, {1, 2, 3}, frozenset("ab"),
              collections.OrderedDict(a=1), collections.defaultdict(list, a=[1]),
              collections.deque([1, 2]), datetime.datetime(2026, 1, 2), decimal.Decimal("1.5"),
              fractions.Fraction(1, 3), (1, (2, (3, (4, (5,))))), b"\x80\x04" * 9, "\u20ac" * 3,
              2 ** 70, -5, 1.25, complex(1, 2), range(3), slice(1, 2), bytearray(b"ab"), Ellipsis]
    cyclic = []
    cyclic.append(cyclic)
    values.append(cyclic)
    return [pickle.dumps(v, p) for v in values for p in range(6)]


def mutate(rng, data):
    data = bytearray(data)
    for _ in range(rng.randrange(1, 4)):
        i = rng.randrange(len(data))
        how = rng.randrange(5)
        if how == 0:
            data[i] = rng.randrange(256)
        elif how == 1:
            del data[i]
        elif how == 2:
            j = rng.randrange(len(data))
            data[i:i] = data[j:j + rng.randrange(1, 8)]
        elif how == 3:
            data[i] ^= 1 << rng.randrange(8)
        else:
            data[i:i] = rng.choice([b"R", b"(", b"0", b"2", b"b", b".", b"\x81", b"\x94"])
        if not data:
            data = bytearray(b".")
    return bytes(data)


def make_cases(rng):
    real = real_pickles()
    cases = list(real)
    while len(cases) < CASES:
        data = random_pickle(rng) if rng.random() < 0.6 else mutate(rng, rng.choice(real))
        if not huge_memo(data):
            cases.append(data)
    return cases


def ours(cases):
    packed = b"".join(struct.pack("<I", len(c)) + c for c in cases)
    out = subprocess.run([FACTS], input=packed, stdout=subprocess.PIPE, check=True).stdout
    facts, answers = [], []
    for line in out.decode("utf-8", "surrogateescape").split("\n"):
        if line.startswith(". "):
            answers.append((line.split()[1] == "ok", facts))
            facts = []
        elif line:
            facts.append(line.split("\t"))
    return answers


def plain(name):
    """A name without what a report escapes, and without the escapes."""
    name = re.sub(r"\\(x..|u....|U.{8}|[ntr])", "", name)
    return re.sub(r"[^!-~]|\\\\", "", name)


def missing(log, facts):
    told = {}
    for kind, subject, detail, _ in facts:
        told.setdefault(kind, set()).update({plain(subject), plain(detail)})
    for what, full in log:
        full = plain(full)
        if what == "persid" and "PICKLE_PERSID" not in told:
            return "persistent id"
        if what == "global" and full not in told.get("PICKLE_GLOBAL", ()) and \
                "PICKLE_NAME_COMPUTED" not in told:
            return f"global {full}"
        kinds = {"call": ["PICKLE_CALL", "PICKLE_CALL_COMPUTED"], "method": ["PICKLE_METHOD"],
                 "computed": ["PICKLE_CALL_COMPUTED"], "build": ["PICKLE_BUILD"]}.get(what, [])
        if kinds and not any(k in told for k in kinds):
            return f"{what} {full}"
    return None


def main():
    compare_opcodes()
    rng = random.Random(SEED)
    cases = make_cases(rng)
    answers = ours(cases)
    ok(len(answers) == len(cases), "every case has an answer", f"{len(cases)} cases")
    loads = agree = strict = silent = 0
    for data, (good, facts) in zip(cases, answers):
        loaded, log = cpython(data)
        lost = missing(log, facts)
        silent += lost is not None
        if lost and silent <= 5:
            print(f"# CPython did what we did not tell: {lost}: {data!r}: {facts}")
        loads += loaded
        agree += loaded == good
        strict += loaded and not good
        if loaded and not good and strict <= 5:
            print(f"# stricter than CPython: {data!r}: {facts}")
    ok(silent == 0, "whatever CPython resolves, calls or changes is told",
       f"{len(cases)} cases, {loads} of them load")
    ok(agree > 0.95 * len(cases), "both agree on what loads",
       f"{agree} of {len(cases)}; stricter in {strict}")
    print(f"1..{tests}")


main()
