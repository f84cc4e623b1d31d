"""A tar writer that can lie, and frames for what compresses it."""
import bz2
import gzip
import io
import lzma
import struct

USTAR, GNU, V7 = b"ustar\00000", b"ustar  \0", b"\0" * 8
END = b"\0" * 1024


def blocks(data):
    return data + b"\0" * (-len(data) % 512)


def octal(n, width):
    return b"%0*o\0" % (width - 1, n)


def base256(n, width=12):
    """GNU's binary number; negative ones too."""
    return ((1 << (8 * width)) + n if n < 0 else n | 1 << (8 * width - 1)).to_bytes(width, "big")


def header(name, size=0, kind=b"0", mode=0o644, link=b"", magic=USTAR, prefix=b"", size_field=None,
           checksum=None, tail=None, major=0, minor=0, mtime=1):
    """tail: the 167 bytes behind the device numbers (GNU keeps sparse maps there)."""
    name = name.encode() if isinstance(name, str) else name
    link = link.encode() if isinstance(link, str) else link
    out = (name[:100].ljust(100, b"\0") + octal(mode, 8) + octal(0, 8) + octal(0, 8)
           + (size_field or octal(size, 12)) + octal(mtime, 12) + b" " * 8 + kind
           + link[:100].ljust(100, b"\0") + magic)
    if magic == V7:
        out += b"\0" * (512 - len(out))
    else:
        out += b"root".ljust(32, b"\0") * 2 + octal(major, 8) + octal(minor, 8)
        out += prefix.ljust(155, b"\0") + b"\0" * 12 if tail is None else tail.ljust(167, b"\0")
    total = sum(out) if checksum is None else checksum
    return out[:148] + b"%06o\0 " % total + out[156:]


def member(name, data=b"hello\n", **fields):
    return header(name, fields.pop("size", len(data)), **fields) + blocks(data)


def folder(name, **fields):
    return header(name, kind=b"5", mode=fields.pop("mode", 0o755), **fields)


def symlink(name, target, **fields):
    return header(name, kind=b"2", link=target, mode=0o777, **fields)


def hardlink(name, target, **fields):
    return header(name, kind=b"1", link=target, **fields)


def record(key, value):
    """A pax record: its length counts itself."""
    key = key.encode() if isinstance(key, str) else key
    value = value.encode() if isinstance(value, str) else value
    n = len(key) + len(value) + 3
    while n != len(str(n)) + len(key) + len(value) + 3:
        n = len(str(n)) + len(key) + len(value) + 3
    return b"%d %s=%s\n" % (n, key, value)


def pax(records, kind=b"x", raw=None):
    """An extended header; raw: its bytes instead of records."""
    body = b"".join(record(k, v) for k, v in records) if raw is None else raw
    return header("PaxHeaders/x", len(body), kind) + blocks(body)


def longname(name, kind=b"L", size=None):
    """GNU's header for a long name (L) or link (K)."""
    name = name.encode() if isinstance(name, str) else name
    body = name + b"\0"
    return header("././@LongLink", len(body) if size is None else size, kind, magic=GNU) + blocks(body)


def archive(*parts):
    return b"".join(parts) + END


def gz(data):
    return gzip.compress(data, 6, mtime=0)


def bz(data):
    return bz2.compress(data)


def xz(data):
    return lzma.compress(data, preset=1)


def zst(data, run=0):
    """A frame of raw blocks; run: so many further zero bytes, in blocks of one byte each."""
    out, left = io.BytesIO(), memoryview(data)
    out.write(struct.pack("<IBB", 0xfd2fb528, 0, 0x58))  # a window of 2 MiB, no checksum
    parts = [left[i:i + 131072] for i in range(0, len(left), 131072)] or [left]
    for i, part in enumerate(parts):
        last = i == len(parts) - 1 and not run
        out.write((len(part) << 3 | last).to_bytes(3, "little"))
        out.write(part)
    while run:
        n = min(run, 131072)
        run -= n
        out.write((n << 3 | 1 << 1 | (run == 0)).to_bytes(3, "little") + b"\0")
    return out.getvalue()


COMPRESSED = {"tar": bytes, "tar.gz": gz, "tar.bz2": bz, "tar.xz": xz, "tar.zst": zst}
