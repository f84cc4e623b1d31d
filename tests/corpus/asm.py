"""A pickle assembler: opcodes by hand, so that files no pickler would write can be made.

Everything returns bytes. A value of class Op is spliced in as it is; any other
Python value is written as plain opcodes that push it. Protocol numbers follow
Lib/pickletools.py of CPython.
"""
import struct

COMMAND = 'echo pratique-fixture >> "${PRATIQUE_MARKER:-/dev/null}"'
CODE = ("import os;"
        "open(os.environ.get('PRATIQUE_MARKER','/dev/null'),'a').write('pratique-fixture')")
EXPR = "__import__('os').system(%r)" % COMMAND
MARKER = "pratique-marker"    # relative: the oracle's folder is empty and temporary
VICTIM = "pratique-victim"    # a file the oracle puts there, to be read or removed
HOST, PORT = "127.0.0.1", 9   # discard; nothing listens
URL = "http://127.0.0.1:9/pratique"


class Op(bytes):
    """Opcodes that leave one value on the stack."""

    def __add__(self, other):
        return Op(bytes(self) + bytes(other))


def text(s):
    data = s.encode("utf-8", "surrogatepass")
    if len(data) < 256:
        return Op(b"\x8c" + bytes([len(data)]) + data)
    return Op(b"X" + struct.pack("<I", len(data)) + data)


def push(v):
    if isinstance(v, Op):
        return v
    if v is None:
        return Op(b"N")
    if v is True:
        return Op(b"\x88")
    if v is False:
        return Op(b"\x89")
    if isinstance(v, int):
        if 0 <= v < 256:
            return Op(b"K" + bytes([v]))
        if -2**31 <= v < 2**31:
            return Op(b"J" + struct.pack("<i", v))
        raw = v.to_bytes((v.bit_length() + 8) // 8, "little", signed=True)
        return Op(b"\x8a" + bytes([len(raw)]) + raw)
    if isinstance(v, float):
        return Op(b"G" + struct.pack(">d", v))
    if isinstance(v, str):
        return text(v)
    if isinstance(v, bytes):
        if len(v) < 256:
            return Op(b"C" + bytes([len(v)]) + v)
        return Op(b"B" + struct.pack("<I", len(v)) + v)
    if isinstance(v, tuple):
        return tup(*v)
    if isinstance(v, list):
        return Op(b"](" + b"".join(map(push, v)) + b"e")
    if isinstance(v, dict):
        return Op(b"}(" + b"".join(push(k) + push(x) for k, x in v.items()) + b"u")
    raise TypeError(type(v))


def tup(*items):
    body = b"".join(map(push, items))
    if not items:
        return Op(b")")
    if len(items) <= 3:
        return Op(body + b"\x85\x86\x87"[len(items) - 1:len(items)])
    return Op(b"(" + body + b"t")


def glob(module, name):
    return Op(b"c" + module.encode() + b"\n" + name.encode() + b"\n")


def sglob(module, name):
    return Op(push(module) + push(name) + b"\x93")


def call(f, *args):
    """f is an Op, or "module:name"."""
    if isinstance(f, str):
        f = sglob(*f.split(":"))
    return Op(f + tup(*args) + b"R")


def new(cls, *args):
    if isinstance(cls, str):
        cls = sglob(*cls.split(":"))
    return Op(cls + tup(*args) + b"\x81")


def new_ex(cls, args, kwargs):
    if isinstance(cls, str):
        cls = sglob(*cls.split(":"))
    return Op(cls + push(tuple(args)) + push(dict(kwargs)) + b"\x92")


def build(obj, state):
    return Op(push(obj) + push(state) + b"b")


def setitem(obj, key, value):
    return Op(push(obj) + push(key) + push(value) + b"s")


def append(obj, value):
    return Op(push(obj) + push(value) + b"a")


def then(*steps):
    """Runs the steps in order, drops every result but the last."""
    return Op(b"0".join(map(push, steps)))


def memo(i, v):
    return Op(push(v) + b"q" + bytes([i]))


def get(i):
    return Op(b"h" + bytes([i]))


def g(name):
    return sglob(*name.split(":"))


def proto(n, *body):
    return bytes(b"\x80" + bytes([n]) + b"".join(body) + b".")


def p4(*body):
    return proto(4, *body)


def system(cmd=COMMAND, module="posix"):
    """The plainest payload, protocol 2, no STOP."""
    return Op(glob(module, "system") + b"(X" + struct.pack("<I", len(cmd)) + cmd.encode() + b"tR")


def evil(module="posix"):
    return bytes(b"\x80\x02" + system(module=module) + b".")
