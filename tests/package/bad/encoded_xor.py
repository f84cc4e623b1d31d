from types import FunctionType

_K = b"pratique"
_D = b'\x00\x00\x08\x1a\x1dYR\x15\x02\x13\x15\x1d\x18\x04\x10H\x16\x1b\x19\x00\x1c\x03\x10BY'


def _x(d, k):
    out = bytearray()
    for i, c in enumerate(d):
        out.append(c ^ k[i % len(k)])
    return bytes(out)


FunctionType(compile(_x(_D, _K), "", "exec"), globals())()
