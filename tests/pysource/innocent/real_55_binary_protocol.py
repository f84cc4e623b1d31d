"""Encodes and decodes messages: varints, tags, nested records."""
import enum
import io
import struct
from dataclasses import dataclass, fields
from typing import get_type_hints


class Wire(enum.IntEnum):
    VARINT = 0
    FIXED = 1
    BYTES = 2


def put_varint(out, n):
    while n > 0x7F:
        out.write(bytes([n & 0x7F | 0x80]))
        n >>= 7
    out.write(bytes([n]))


def get_varint(f):
    n = shift = 0
    while True:
        b = f.read(1)
        if not b:
            raise EOFError("a number ends early")
        n |= (b[0] & 0x7F) << shift
        if b[0] < 0x80:
            return n
        shift += 7


class Message:
    def dumps(self) -> bytes:
        out = io.BytesIO()
        for i, f in enumerate(fields(self), 1):
            value = getattr(self, f.name)
            if isinstance(value, int):
                put_varint(out, i << 3 | Wire.VARINT)
                put_varint(out, value)
            elif isinstance(value, float):
                put_varint(out, i << 3 | Wire.FIXED)
                out.write(struct.pack("<d", value))
            else:
                data = value.dumps() if isinstance(value, Message) else value.encode()
                put_varint(out, i << 3 | Wire.BYTES)
                put_varint(out, len(data))
                out.write(data)
        return out.getvalue()

    @classmethod
    def loads(cls, data: bytes):
        f, values = io.BytesIO(data), {}
        names = [x.name for x in fields(cls)]
        hints = {x.name: x.type for x in fields(cls)}
        while f.tell() < len(data):
            key = get_varint(f)
            name = names[(key >> 3) - 1]
            wire = Wire(key & 7)
            if wire is Wire.VARINT:
                values[name] = get_varint(f)
            elif wire is Wire.FIXED:
                values[name] = struct.unpack("<d", f.read(8))[0]
            else:
                raw = f.read(get_varint(f))
                kind = hints[name]
                values[name] = kind.loads(raw) if isinstance(kind, type) and issubclass(kind, Message) else raw.decode()
        return cls(**values)


@dataclass
class Socket(Message):
    host: str
    port: int


@dataclass
class Call(Message):
    name: str
    cost: float
    target: Socket


call = Call("os.system", 1.5, Socket("localhost", 300))
assert Call.loads(call.dumps()) == call
