#!/usr/bin/env python3
"""Writes the golden cases of the tar, stream and archive rules: {TAR,STR,ARC}nnn/{fire,near}*,
and the corpora of their fuzz targets: {tar,stream,archive}/{y,n,i}_*.

Every archive is put together here header by header, so that each lie is exactly one; times
are fixed, nothing is random. Each case does no harm if it is used.

Usage: make_tar.py [FOLDER [CORPUS]]    FOLDER defaults to this file's own, CORPUS to ../fuzz/corpus.
"""
import bz2
import lzma
import os
import struct
import sys
import zlib

HERE = os.path.dirname(os.path.abspath(__file__))
TEXT = b"hello, hello, hello, hello\n"
OTHER = b"something else altogether\n"
USTAR, GNU, V7 = b"ustar\x0000", b"ustar  \0", b"\0" * 8
END = b"\0" * 1024


def octal(value, n):
    return b"%0*o\0" % (n - 1, value)


def base256(value, n=12):
    return (value & ((1 << (8 * n)) - 1) | (0x80 << (8 * (n - 1)))).to_bytes(n, "big")


def raw(x):
    return x.encode() if isinstance(x, str) else x


def header(name, size=0, kind=b"0", link=b"", mode=0o644, magic=USTAR, prefix=b"", size_field=None,
           pairs=b"", checksum=None):
    block = bytearray(512)
    for at, value in ((0, raw(name)), (100, octal(mode, 8)), (108, octal(0, 8)), (116, octal(0, 8)),
                      (124, size_field or octal(size, 12)), (136, octal(1577836800, 12)),
                      (148, b" " * 8), (156, kind), (157, raw(link)), (257, magic),
                      (345, raw(prefix)), (386, pairs)):
        block[at:at + len(value)] = value
    total = sum(block) if checksum is None else checksum
    block[148:156] = b"%06o\0 " % total
    return bytes(block)


def filled(data, with_byte=b"\0"):
    return data + with_byte * (-len(data) % 512)


def member(name, data=TEXT, **how):
    with_byte = how.pop("with_byte", b"\0")
    return header(name, how.pop("size", len(data)), **how) + filled(data, with_byte)


def record(key, value):
    body = b" " + raw(key) + b"=" + raw(value) + b"\n"
    n = len(body) + 1
    while len(b"%d" % n) + len(body) != n:
        n = len(b"%d" % n) + len(body)
    return b"%d" % n + body


def pax(*records, kind=b"x"):
    data = b"".join(r if isinstance(r, bytes) else record(*r) for r in records)
    return member("./PaxHeaders/0", data, kind=kind)


def long_name(name, kind=b"L"):
    return member("././@LongLink", raw(name) + b"\0", kind=kind, magic=GNU)


def symlink(name, to, **how):
    return header(name, kind=b"2", link=to, **how)


def hard_link(name, to, **how):
    return header(name, kind=b"1", link=to, **how)


def tar(*parts, end=END):
    return b"".join(parts) + end


# --- sparse members: "hello" lines, a hole, and lines again ---

PIECE = TEXT * 19 + b"\n" * (512 - 19 * len(TEXT) % 512)
PIECE = PIECE[:512]


def pair(offset, size):
    return (octal(offset, 12) if offset < 8 ** 11 else base256(offset)) + octal(size, 12)


def sparse_gnu(pairs, size, data=PIECE * 2, more=b""):
    head = b"".join(pair(*p) for p in pairs[:4]).ljust(96, b"\0")
    blocks, rest = b"", pairs[4:]
    while rest:
        blocks += b"".join(pair(*p) for p in rest[:21]).ljust(504, b"\0")
        rest = rest[21:]
        blocks += bytes([bool(rest)]) + b"\0" * 7
    size_field = octal(size, 12) if size < 8 ** 11 else base256(size)
    return header("sparse.txt", len(data), kind=b"S", magic=GNU,
                  pairs=head + bytes([bool(blocks)]) + size_field) + blocks + filled(data)


def sparse_pairs(pairs, size, data=PIECE * 2):
    records = [("GNU.sparse.size", str(size)), ("GNU.sparse.numblocks", str(len(pairs)))]
    for offset, n in pairs:
        records += [("GNU.sparse.offset", str(offset)), ("GNU.sparse.numbytes", str(n))]
    return pax(*records) + member("sparse.txt", data)


def sparse_map(pairs, size, data=PIECE * 2):
    text = ",".join(f"{o},{n}" for o, n in pairs)
    return pax(("GNU.sparse.size", str(size)), ("GNU.sparse.numblocks", str(len(pairs))),
               ("GNU.sparse.name", "sparse.txt"), ("GNU.sparse.map", text)) + member("GNUSparseFile.0/s", data)


def sparse_body(pairs, size, data=PIECE * 2, count=None):
    text = f"{len(pairs) if count is None else count}\n" + "".join(f"{o}\n{n}\n" for o, n in pairs)
    return pax(("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "sparse.txt"),
               ("GNU.sparse.realsize", str(size))) + member("GNUSparseFile.0/s", filled(text.encode()) + data)


GOOD = [(0, 512), (4096, 512)]
BACK = [(4096, 512), (0, 512)]


# --- compressed streams ---

def gz(data, name=None, level=9):
    c = zlib.compressobj(level, zlib.DEFLATED, -15)
    body = c.compress(data) + c.flush()
    return (b"\x1f\x8b\x08" + (b"\x08" if name else b"\0") + b"\0" * 4 + b"\x02\x03" +
            (raw(name) + b"\0" if name else b"") + body + struct.pack("<II", zlib.crc32(data), len(data)))


def zstd(data):
    """A frame of one raw block, with its size."""
    return (b"\x28\xb5\x2f\xfd\x20" + bytes([len(data)]) + struct.pack("<I", len(data) << 3 | 1)[:3] + data)


def skippable(data):
    return struct.pack("<II", 0x184d2a50, len(data)) + data


# --- 7z, stored ---

def number(v):
    return bytes([v]) if v < 0x80 else bytes([0x80 | v >> 8, v & 0xff])


def seven(files, coder=b"\x01\x00", attributes=None, trailing=b""):
    """files: (name, data). attributes: a word for each, Unix modes in the high half."""
    packed = b"".join(d for _, d in files)
    names = b"".join(n.encode("utf-16-le") + b"\0\0" for n, _ in files)
    sums = b"".join(struct.pack("<I", zlib.crc32(d)) for _, d in files)
    pack_info = b"\x06" + number(0) + number(1) + b"\x09" + number(len(packed)) + b"\0"
    unpack_info = b"\x07\x0b\x01\0\x01" + coder + b"\x0c" + number(len(packed)) + b"\0"
    streams = (b"\x08\x0d" + number(len(files)) + (b"\x09" + b"".join(
        number(len(d)) for _, d in files[:-1]) if len(files) > 1 else b"") + b"\x0a\x01" + sums + b"\0")
    props = b"\x11" + number(len(names) + 1) + b"\0" + names
    if attributes:
        words = b"".join(struct.pack("<I", a) for a in attributes)
        props += b"\x15" + number(len(words) + 2) + b"\x01\0" + words
    head = b"\x01\x04" + pack_info + unpack_info + streams + b"\0\x05" + number(len(files)) + props + b"\0\0"
    start = struct.pack("<QQI", len(packed), len(head), zlib.crc32(head))
    return (b"7z\xbc\xaf\x27\x1c\0\x04" + struct.pack("<I", zlib.crc32(start)) + start + packed + head +
            trailing)


AES = b"\x24\x06\xf1\x07\x01\x02\x13\0"  # the coder's id and two bytes of properties
LINK = 0x8000 | (0o120777 << 16)


# --- RAR, stored ---

def rar4_block(kind, flags, rest, data=b""):
    body = struct.pack("<BHH", kind, flags, 7 + len(rest)) + rest
    return struct.pack("<H", zlib.crc32(body) & 0xffff) + body + data


def rar4(*files, flags=0):
    out = b"Rar!\x1a\x07\0" + rar4_block(0x73, 0, b"\0" * 6)
    for name, data in files:
        out += rar4_block(0x74, 0x8000 | flags, struct.pack(
            "<IIBIIBBHI", len(data), len(data), 3, zlib.crc32(data), 0x50210000, 20, 0x30, len(name),
            0o100644) + raw(name), data)
    return out + rar4_block(0x7b, 0x4000, b"")


def vint(v):
    out = b""
    while v >= 0x80:
        out += bytes([v & 0x7f | 0x80])
        v >>= 7
    return out + bytes([v])


def rar5_block(kind, flags, rest, extra=b"", data=b""):
    has_data = kind == 2
    body = vint(kind) + vint(flags | (1 if extra else 0) | (2 if has_data else 0))
    body += (vint(len(extra)) if extra else b"") + (vint(len(data)) if has_data else b"") + rest + extra
    body = vint(len(body)) + body
    return struct.pack("<I", zlib.crc32(body)) + body + data


def rar5(*files):
    """files: (name, data, extra)."""
    out = b"Rar!\x1a\x07\x01\0" + rar5_block(1, 0, vint(0))
    for name, data, extra in files:
        out += rar5_block(2, 0, vint(4) + vint(len(data)) + vint(0o100644) +
                          struct.pack("<I", zlib.crc32(data)) + vint(0) + vint(1) + vint(len(name)) +
                          raw(name), extra, data)
    return out + rar5_block(5, 0, vint(0))


def rar5_extra(kind, body):
    body = vint(kind) + body
    return vint(len(body)) + body


def rar5_link(to):
    return rar5_extra(5, vint(1) + vint(0) + vint(len(to)) + raw(to))


RAR5_HEADERS_ENCRYPTED = b"Rar!\x1a\x07\x01\0" + rar5_block(4, 0, vint(0) + vint(0) + b"\x0f" + bytes(16)) + bytes(64)
RAR5_ENCRYPTED = rar5_extra(1, vint(0) + vint(0) + b"\x0f" + bytes(range(32)))


# --- the cases ---

A, B = member("a.txt"), member("b.txt", OTHER)
PLAIN = tar(A, B)
HIDDEN = header("cover.txt", 0) + member("hidden.txt", OTHER)
INNER = tar(member("inner.txt", OTHER))

CASES = {
    "TAR001": {"fire.tar": tar(member("../evil.txt")), "fire-windows.tar": tar(member("..\\evil.txt")),
               "fire-deep.tar": tar(member("a/b/../../../evil.txt")),
               "fire-pax.tar": tar(pax(("path", "../evil.txt")), member("good.txt")),
               "fire-long.tar": tar(long_name("../evil.txt"), member("good.txt", magic=GNU)),
               "fire-prefix.tar": tar(member("evil.txt", prefix="../..")),
               "fire-own.tar": tar(pax(("path", "good.txt")), member("../evil.txt")),
               "near.tar": tar(member("a/..b/c.txt"), member("a/.../c.txt"), member("..a.txt"))},
    "TAR002": {"fire.tar": tar(member("a/../b.txt")), "near.tar": tar(member("a/..b.txt"), member("./c.txt"))},
    "TAR003": {"fire.tar": tar(member("/etc/motd")), "fire-drive.tar": tar(member("C:/a.txt")),
               "fire-drive-relative.tar": tar(member("C:a.txt")),
               "fire-backslash.tar": tar(member("\\a.txt")),
               "near.tar": tar(member("etc/motd")), "near-manual.tar": tar(member("B::Concise.3pm"))},
    "TAR004": {"fire.tar": tar(member("dev-disk\\x2d1.swap")), "near.tar": tar(member("dev-disk-x2d1.swap"))},
    "TAR005": {"fire.tar": tar(pax(("path", b"model.txt\0.pkl")), member("model.txt")),
               "near.tar": tar(pax(("path", "model.txt")), member("model.txt"))},
    "TAR006": {"fire.tar": tar(member("a\rb.txt")), "fire-direction.tar": tar(member("a\u202etxt.b")),
               "near.tar": tar(member("h\u00e9.txt"), member("\u65e5.txt"))},
    "TAR007": {"fire.tar": tar(member(b"caf\xe9.txt")), "near.tar": tar(member("caf\u00e9.txt"))},
    "TAR008": {"fire.tar": tar(pax(("path", "a/" * 2500 + "b.txt")), member("b.txt")),
               "fire-link.tar": tar(pax(("linkpath", "a/" * 2500)), symlink("b", "a")),
               "near.tar": tar(pax(("path", "a/" * 1000 + "b.txt")), member("b.txt"))},
    "TAR009": {"fire.tar": tar(member("a.txt"), member("a.txt", OTHER)),
               "fire-dot.tar": tar(member("a.txt"), member(".//a.txt", OTHER)),
               "near.tar": tar(member("a.txt"), member("b/a.txt")),
               "near-folder.tar": tar(header("a/", kind=b"5"), member("a/b.txt"), header("a/", kind=b"5"))},
    "TAR010": {"fire.tar": tar(member("Read.txt"), member("read.txt", OTHER)),
               "near.tar": tar(member("Read.txt"), member("read-me.txt", OTHER))},
    "TAR011": {"fire.tar": tar(member("pkg/a.txt"), symlink("pkg/b", "../../etc/passwd")),
               "fire-absolute.tar": tar(member("pkg/a.txt"), symlink("pkg/b", "/etc/passwd")),
               "fire-winding.tar": tar(member("pkg/a.txt"), symlink("pkg/b", "c/../../../etc/passwd")),
               "near.tar": tar(member("pkg/a.txt"), symlink("pkg/c/b", "../a.txt"), symlink("pkg/d", "../pkg"))},
    "TAR012": {"fire.tar": tar(member("etc/motd"), symlink("usr/bin/sh", "/bin/dash")),
               "near.tar": tar(member("etc/motd"), symlink("usr/bin/sh", "dash")),
               "near-package.tar": tar(member("pkg/a.txt"), symlink("usr/bin/sh", "/bin/dash"))},
    "TAR013": {"fire.tar": tar(hard_link("b", "../../etc/passwd")), "fire-absolute.tar": tar(hard_link("b", "/etc/passwd")),
               "near.tar": tar(member("a.txt"), hard_link("b.txt", "a.txt")),
               "near-image.tar": tar(member("etc/motd"), hard_link("etc/issue", "/etc/motd"))},
    "TAR014": {"fire.tar": tar(hard_link("b.txt", "a.txt"), member("a.txt")),
               "fire-missing.tar": tar(hard_link("b.txt", "a.txt")),
               "near.tar": tar(member("./d/a.txt"), hard_link("b.txt", "d/a.txt"))},
    "TAR015": {"fire.tar": tar(symlink("d", "/tmp"), member("d/evil.txt")),
               "fire-case.tar": tar(symlink("D", "../.."), member("d/evil.txt")),
               "fire-order.tar": tar(member("d/evil.txt"), symlink("d", "/tmp")),
               "near.tar": tar(symlink("d", "/tmp"), member("d-e/evil.txt"), member("de.txt"))},
    "TAR016": {"fire.tar": tar(member("e/a.txt"), symlink("d", "e"), member("d/b.txt")),
               "fire-chain.tar": tar(symlink("d", "e"), symlink("d/f", "."), member("d/f/b.txt")),
               "near.tar": tar(member("e/a.txt"), symlink("d", "e"), member("d.txt"))},
    "TAR017": {"fire.tar": tar(header("sda", kind=b"4")), "fire-character.tar": tar(header("mem", kind=b"3")),
               "near.tar": tar(member("etc/motd"), header("dev/null", kind=b"3"))},
    "TAR018": {"fire.tar": tar(header("pipe", kind=b"6")), "near.tar": PLAIN},
    "TAR019": {"fire.tar": tar(member("su.txt", mode=0o4755)), "fire-group.tar": tar(member("su.txt", mode=0o2755)),
               "near.tar": tar(member("su.txt", mode=0o1755), header("d/", kind=b"5", mode=0o2775))},
    "TAR020": {"fire.tar": tar(pax(("size", str(len(TEXT)))), header("a.txt", 5) + filled(TEXT)),
               "near.tar": tar(pax(("size", str(len(TEXT)))), A), "near-time.tar": tar(pax(("mtime", "1.5")), A)},
    "TAR021": {"fire.tar": tar(pax(("size", str(len(HIDDEN)))), header("cover.txt", 0) + HIDDEN, B),
               "fire-folder.tar": tar(header("d/", len(HIDDEN), kind=b"5") + A + member("b.txt", filled(B)), B),
               "fire-extension.tar": tar(pax(("size", "512")), member("././@LongLink", b"x" * 512 + member("hidden.txt", OTHER),
                                                        kind=b"L", magic=GNU), member("c.txt", PIECE)),
               "near.tar": tar(member("inner.tar", INNER)),
               "near-link.tar": tar(A, hard_link("c.txt", "a.txt", size=len(TEXT)), B),
               "near-link-data.tar": tar(A, hard_link("c.txt", "a.txt", size=len(TEXT)) + filled(TEXT), B)},
    "TAR022": {"fire.tar": tar(A) + tar(B), "fire-lone.tar": tar(A, end=b"\0" * 512) + tar(B),
               "near.tar": tar(A, end=b"\0" * 10240), "near-inner.tar": tar(A, member("i.tar", INNER))},
    "TAR023": {"fire.tar": tar(header("a.txt", size_field=b"0000000033x\0") + filled(TEXT)),
               "near.tar": tar(header("a.txt", size_field=b"         33 ") + filled(TEXT)),
               "near-base256.tar": tar(header("a.txt", size_field=base256(27), magic=GNU) + filled(TEXT))},
    "TAR024": {"fire.tar": tar(header("a.txt", size_field=b"\xff" * 11 + b"\0"), B),
               "fire-large.tar": tar(header("a.txt", size_field=b"\x80" + b"\x11" * 11), B),
               "fire-extension.tar": tar(header("x", kind=b"x", size_field=b"\xff" * 12), B),
               "near.tar": tar(header("a.txt", size_field=base256(27), magic=GNU) + filled(TEXT))},
    "TAR025": {"fire.tar": tar(pax(b"99 path=b.txt\n"), A), "fire-newline.tar": tar(pax(b"14 path=b.txt "), A),
               "fire-equals.tar": tar(pax(b"8 path\n\n"), A), "fire-size.tar": tar(pax(("size", "-1")), A),
               "near.tar": tar(pax(("path", "b.txt"), b"\0" * 20), A)},
    "TAR026": {"fire.tar": tar(pax(("path", "b.txt"), ("path", "c.txt")), A),
               "near.tar": tar(pax(("comment", "b"), ("comment", "c")), A)},
    "TAR027": {"fire.tar": tar(pax(("path", "b.txt"), kind=b"g"), A),
               "fire-size.tar": tar(pax(("size", "27"), kind=b"g"), A),
               "near.tar": tar(pax(("comment", "0" * 40), kind=b"g"), A)},
    "TAR028": {"fire.tar": tar(pax(("path", "b.txt")), pax(("mtime", "1")), A),
               "fire-long.tar": tar(long_name("b.txt"), long_name("c.txt"), A),
               "fire-mixed.tar": tar(pax(("mtime", "1")), long_name("c.txt"), A),
               "near.tar": tar(long_name("c.txt"), long_name("d.txt", b"K"), symlink("c", "d", magic=GNU)),
               "near-pax.tar": tar(long_name("c.txt"), pax(("mtime", "1")), A)},
    "TAR029": {"fire.tar": tar(A, pax(("path", "b.txt"))), "fire-long.tar": tar(A, long_name("b.txt")),
               "near.tar": tar(A, pax(("path", "b.txt"), kind=b"g"))},
    "TAR030": {"fire.tar": tar(member("a.txt", kind=b"Q")), "near.tar": tar(member("a.txt", kind=b"7"), member("b.txt", kind=b"\0"))},
    "TAR031": {"fire.tar": tar(member("a.txt", with_byte=b"x")), "near.tar": PLAIN},
    "TAR032": {"fire.tar": tar(A, end=b""), "near.tar": PLAIN, "near-one.tar": tar(A, end=b"\0" * 512)},
    "TAR033": {"fire.tar": tar(sparse_gnu(BACK, 4608)), "fire-pairs.tar": tar(sparse_pairs(BACK, 4608)),
               "fire-map.tar": tar(sparse_map([(0, 512), (4096, 513)], 4608)),
               "fire-body.tar": tar(sparse_body(GOOD, 4000)), "fire-count.tar": tar(sparse_body(GOOD, 4608, count=99)),
               "near.tar": tar(sparse_gnu(GOOD, 4608)), "near-pairs.tar": tar(sparse_pairs(GOOD, 4608)),
               "near-map.tar": tar(sparse_map(GOOD, 4608)), "near-body.tar": tar(sparse_body(GOOD, 4608)),
               "near-blocks.tar": tar(sparse_gnu([(i * 1024, 32) for i in range(32)], 31776))},
    "TAR034": {"fire.tar": tar(sparse_gnu([(0, 512), (1 << 40, 512)], (1 << 40) + 512)),
               "near.tar": tar(sparse_gnu(GOOD, 1 << 40)), "near-small.tar": tar(sparse_body(GOOD, 4608))},
    "TAR035": {"fire.tar": tar(member("a.txt", kind=b"M", magic=GNU)),
               "near.tar": tar(header("label", kind=b"V", magic=GNU), A)},
    "TAR036": {"fire.tar": tar(member("a.txt", prefix="pkg", magic=GNU)),
               "fire-outside.tar": tar(member("a.txt", prefix="..", magic=V7, kind=b"\0")),
               "fire-both.tar": tar(long_name("b.txt"), pax(("path", "c.txt")), A),
               "near-both.tar": tar(long_name("b.txt"), pax(("path", "b.txt")), A),
               "near.tar": tar(member("a.txt", prefix="pkg")),
               "near-times.tar": tar(member("a.txt", prefix=octal(1577836800, 12)[:11] + b" ", magic=GNU))},
    "TAR037": {"fire.tar": tar(header("x", 9, kind=b"x") + (record("path", "a") + record("path", "../evil.txt")).ljust(512, b"\0"), A),
               "fire-size.tar": tar(header("x", 9, kind=b"x") + (record("path", "a") + record("size", "5")).ljust(512, b"\0"), A),
               "fire-long.tar": tar(header("././@LongLink", 5, kind=b"L", magic=GNU) + b"a.txt.pkl".ljust(512, b"\0"), A),
               "near.tar": tar(pax(("path", "b.txt")), A), "near-long.tar": tar(long_name("b.txt"), A)},
    "STR001": {"fire.gz": gz(TEXT) + gz(OTHER), "fire.bz2": bz2.compress(TEXT) + bz2.compress(OTHER),
               "fire.xz": lzma.compress(TEXT) + lzma.compress(OTHER), "fire.zst": zstd(TEXT) + zstd(OTHER),
               "near.gz": gz(TEXT), "near.bz2": bz2.compress(TEXT), "near.xz": lzma.compress(TEXT),
               "near.lzma": lzma.compress(TEXT, lzma.FORMAT_ALONE), "near.zlib": zlib.compress(TEXT * 30),
               "near.zst": skippable(b"index") + zstd(TEXT), "near-empty.gz": gz(TEXT) + gz(b"")},
    "STR002": {"fire.gz": gz(TEXT) + b"\0" * 100, "fire.xz": lzma.compress(TEXT) + b"\0" * 3,
               "near.gz": gz(TEXT), "near.xz": lzma.compress(TEXT) + b"\0" * 4},
    "STR003": {"fire.gz": gz(TEXT) + b"\0" * 100 + gz(OTHER), "near.gz": gz(TEXT) + gz(OTHER),
               "near.xz": lzma.compress(TEXT) + b"\0" * 4 + lzma.compress(OTHER)},
    "STR004": {"fire.gz": gz(TEXT, "../../evil.txt"), "fire-backslash.gz": gz(TEXT, "..\\evil.txt"),
               "near.gz": gz(TEXT, "a.txt")},
    "ARC001": {"fire.7z": seven([("a.txt", TEXT)], AES), "fire.rar": rar4(("a.txt", TEXT), flags=4),
               "fire-5.rar": rar5(("a.txt", TEXT, RAR5_ENCRYPTED)), "fire-headers.rar": RAR5_HEADERS_ENCRYPTED,
               "near.7z": seven([("a.txt", TEXT), ("b.txt", OTHER)]),
               "near.rar": rar4(("a.txt", TEXT), ("b.txt", OTHER)), "near-5.rar": rar5(("a.txt", TEXT, b""))},
    "ARC002": {"fire.7z": seven([("../evil.txt", TEXT)]), "fire.rar": rar4(("..\\evil.txt", TEXT)),
               "fire-5.rar": rar5(("/evil.txt", TEXT, b"")), "near.7z": seven([("a/..evil.txt", TEXT)]),
               "near-unicode.7z": seven([("h\u00e9/\u65e5.txt", TEXT)])},
    "ARC003": {"fire.7z": seven([("a.txt", TEXT), ("d/l", b"../../etc/passwd")], attributes=[0x20, LINK]),
               "fire-5.rar": rar5(("l", b"", rar5_link("/etc/passwd"))),
               "near.7z": seven([("a.txt", TEXT), ("d/l", b"../a.txt")], attributes=[0x20, LINK])},
}


LZ4 = b"\x04\x22\x4d\x18\x60\x40\x82" + struct.pack("<I", 0x80000000 | len(TEXT)) + TEXT + b"\0" * 4
LZ4_LEGACY = b"\x02\x21\x4c\x18" + struct.pack("<I", 2 + 26) + b"\xf0\x0b" + TEXT[:26]
DEEP = tar(*[pax(("size", "512")) + long_name("a" * n) for n in (1, 99, 600)], A)

CORPUS = {
    "tar": {"y_ustar": PLAIN, "y_v7": tar(member("a.txt", magic=V7, kind=b"\0")), "y_empty": b"\0" * 10240,
            "y_pax": tar(pax(("path", "b.txt"), ("size", "27")), A), "y_gnu": tar(long_name("b" * 200), A),
            "y_links": tar(A, symlink("l", "a.txt"), hard_link("h", "a.txt"), header("d/", kind=b"5")),
            "y_sparse_gnu": CASES["TAR033"]["near-blocks.tar"], "y_sparse_body": CASES["TAR033"]["near-body.tar"],
            "y_sparse_map": CASES["TAR033"]["near-map.tar"], "y_sparse_pairs": CASES["TAR033"]["near-pairs.tar"],
            "y_star": tar(member("a.txt", prefix=b"d".ljust(163, b"\0") + b"tar\0")),
            "y_hidden": CASES["TAR021"]["fire.tar"], "y_after": tar(A) + tar(B), "y_inner": tar(member("i", INNER)),
            "n_cut": PLAIN[:600], "n_checksum": tar(A, header("b", checksum=1), B), "n_junk_between": tar(A, b"x" * 512, B),
            "n_sparse_cut": sparse_gnu([(i * 1024, 32) for i in range(32)], 31776)[:700],
            "i_negative": CASES["TAR024"]["fire.tar"], "i_stacked": DEEP, "i_junk_before": b"x" * 512 + PLAIN,
            "i_global": CASES["TAR027"]["fire-size.tar"], "i_tail": PLAIN + b"x" * 100},
    "stream": {"y_gzip": gz(TEXT, "a.txt"), "y_gzip_two": gz(TEXT) + gz(OTHER), "y_bzip2": bz2.compress(TEXT),
               "y_xz": lzma.compress(TEXT), "y_lzma": lzma.compress(TEXT, lzma.FORMAT_ALONE), "y_zstd": zstd(TEXT),
               "y_lz4": LZ4, "y_lz4_legacy": LZ4_LEGACY, "y_zlib": zlib.compress(TEXT * 30),
               "y_padded": gz(TEXT) + b"\0" * 99 + gz(OTHER), "n_gzip_cut": gz(TEXT)[:-9], "n_xz_cut": lzma.compress(TEXT)[:40],
               "n_bzip2_flipped": bz2.compress(TEXT)[:-9] + b"x" * 9, "i_trailing": gz(TEXT) + OTHER,
               "i_skippable": skippable(TEXT) + zstd(OTHER) + skippable(TEXT)},
    "archive": {"y_7z": seven([("a.txt", TEXT), ("b.txt", OTHER)]), "y_rar4": rar4(("a.txt", TEXT)),
                "y_rar5": rar5(("a.txt", TEXT, b"")), "y_rar5_link": rar5(("d/l", b"", rar5_link("../a"))),
                "n_7z_cut": seven([("a.txt", TEXT)])[:-3], "n_rar4_cut": rar4(("a.txt", TEXT))[:50],
                "i_encrypted": seven([("a.txt", TEXT)], AES), "i_trailing": seven([("a", TEXT)], trailing=OTHER)},
}


def write(folder, cases):
    os.makedirs(folder, exist_ok=True)
    for name, data in cases.items():
        with open(os.path.join(folder, name), "wb") as f:
            f.write(data)


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    corpus = sys.argv[2] if len(sys.argv) > 2 else os.path.join(HERE, "..", "fuzz", "corpus")
    for rule, cases in CASES.items():
        write(os.path.join(folder, rule), cases)
    for target, cases in CORPUS.items():
        write(os.path.join(corpus, target), cases)


if __name__ == "__main__":
    main()
