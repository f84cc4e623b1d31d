#!/usr/bin/env python3
"""Writes the golden cases of the zip rules: tests/golden/ZIPnnn/{fire,near}*.zip.

Every archive is put together here record by record, so that each lie is exactly
one; times are fixed, nothing is random. Each case does no harm if it is used.

Usage: make_zip.py [FOLDER]    FOLDER defaults to this file's own.
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
STORED, DEFLATE, BZIP2, LZMA, PPMD, AES = 0, 8, 12, 14, 98, 99
ENCRYPTED, DESCRIPTOR, STRONG, UTF8, MASKED = 1, 8, 64, 0x800, 0x2000
ONES = 0xFFFFFFFF


def pack(method, data):
    if method == DEFLATE:
        c = zlib.compressobj(9, zlib.DEFLATED, -15)
        return c.compress(data) + c.flush()
    if method == BZIP2:
        return bz2.compress(data)
    if method == LZMA:
        spec = {"id": lzma.FILTER_LZMA1, "preset": 1}
        props = lzma._encode_filter_properties(spec)
        return struct.pack("<BBH", 9, 4, len(props)) + props + lzma.compress(
            data, lzma.FORMAT_RAW, filters=[spec])
    return data


class Member:
    """One member. What is given for the local header, as local_NAME, differs from the directory."""

    def __init__(self, name, data=TEXT, method=STORED, **lies):
        self.name = name.encode() if isinstance(name, str) else name
        self.raw = lies.pop("raw", None)
        self.raw = pack(method, data) if self.raw is None else self.raw
        self.true = {"method": method, "flags": 0, "crc": zlib.crc32(data), "csize": len(self.raw),
                     "usize": len(data), "extra": b"", "name": self.name, "made_by": 0x031E,
                     "external": 0o100644 << 16, "comment": b"", "disk": 0, "offset": None}
        self.before = lies.pop("before", b"")   # bytes before the local header
        self.after = lies.pop("after", b"")     # bytes behind the data: a descriptor
        self.no_local = lies.pop("no_local", False)
        self.no_central = lies.pop("no_central", False)
        self.lies = lies

    def central_value(self, key):
        return self.lies.get(key, self.true[key])

    def local_value(self, key):
        return self.lies.get("local_" + key, self.central_value(key))

    def local(self):
        v = self.local_value
        head = struct.pack("<IHHHHHIIIHH", 0x04034B50, 20, v("flags"), v("method"), 0, 0x21, v("crc"),
                           v("csize"), v("usize"), len(v("name")), len(v("extra")))
        return head + v("name") + v("extra") + self.raw + self.after

    def central(self, at):
        v = self.central_value
        offset = at if v("offset") is None else v("offset")
        return struct.pack("<IHHHHHHIIIHHHHHII", 0x02014B50, v("made_by"), 20, v("flags"), v("method"),
                           0, 0x21, v("crc"), v("csize"), v("usize"), len(v("name")), len(v("extra")),
                           len(v("comment")), v("disk"), 0, v("external"), offset
                           ) + v("name") + v("extra") + v("comment")


def end(count, size, offset, comment=b"", disk=0, directory_disk=0, count_here=None, comment_n=None):
    return struct.pack("<IHHHHIIH", 0x06054B50, disk, directory_disk,
                       count if count_here is None else count_here, count, size, offset,
                       len(comment) if comment_n is None else comment_n) + comment


def end64(count, size, offset, at, needed=45, extra=b"", locator=None):
    """The zip64 end record, said to lie at `at`, and its locator."""
    record = struct.pack("<IQHHIIQQQQ", 0x06064B50, 44 + len(extra), 45, needed, 0, 0, count, count,
                         size, offset) + extra
    return record + struct.pack("<IIQI", 0x07064B50, 0, at if locator is None else locator, 1)


def archive(*members, prefix=b"", gap=b"", suffix=b"", comment=b"", zip64=None, shift=True, more=b"",
            **lies):
    """The bytes of an archive. zip64: what its record says otherwise, {} for the truth."""
    out, offsets = bytearray(prefix), []
    base = 0 if shift else len(prefix)
    for m in members:
        out += m.before
        offsets.append(len(out) - base)
        out += b"" if m.no_local else m.local()
    out += gap
    at = len(out) - base
    listed = [(m, o) for m, o in zip(members, offsets) if not m.no_central]
    for m, o in listed:
        out += m.central(o)
    size = len(out) - base - at
    out += more
    truth = {"count": len(listed), "size": size, "offset": at}
    if zip64 is not None:
        out += end64(**{**truth, "at": len(out) - base, **zip64})
    return bytes(out) + end(**{**truth, "comment": comment, **lies}) + suffix


def descriptor(data, csize=None, signed=True, wide=False, crc=None):
    n = len(data) if csize is None else csize
    return (b"PK\x07\x08" if signed else b"") + struct.pack(
        "<IQQ" if wide else "<III", zlib.crc32(data) if crc is None else crc, n, len(data))


def streamed(name, data=TEXT, method=STORED, signed=True, wide=False, **lies):
    """As a writer that cannot seek back leaves it."""
    raw = pack(method, data)
    lies.setdefault("after", descriptor(data, len(raw), signed, wide))
    return Member(name, data, method, flags=DESCRIPTOR, local_crc=0, local_csize=0, local_usize=0,
                  **lies)


def zip64_extra(*values):
    return struct.pack("<HH", 1, 8 * len(values)) + struct.pack(f"<{len(values)}Q", *values)


def unicode_extra(name, path):
    body = struct.pack("<BI", 1, zlib.crc32(name)) + path
    return struct.pack("<HH", 0x7075, len(body)) + body


def link(name, target, mode=0o120777):
    return Member(name, target.encode(), external=mode << 16)


def mode(name, bits, data=b""):
    return Member(name, data, external=bits << 16)


M = Member
PLAIN = archive(M("a.txt"))
SECOND = M("b.txt", OTHER)


def quoted(n=4):
    """Members whose data quotes the headers of all that follow, as in "A better zip bomb"."""
    members, content, block = [], TEXT, b""
    for i in reversed(range(n)):
        if not block:
            m = M(f"{i}", content, DEFLATE)
        else:
            header = block[:len(block) - len(members[0].raw)]
            content = header + content
            quote = struct.pack("<BHH", 0, len(header), len(header) ^ 0xFFFF)
            m = M(f"{i}", content, DEFLATE, raw=quote + block)
        block = m.local()
        members.insert(0, m)
    directory, at = b"", 0
    for m in members:
        directory += m.central(at)
        at += 30 + len(m.name) + 5
    return block + directory + end(n, len(directory), len(block))


def with_comment_cut(data, n):
    at = data.rindex(b"PK\x05\x06")
    return data[:at + 20] + struct.pack("<H", n) + data[at + 22:]


def two_directories():
    """One directory by the offset, another one by counting back."""
    a, b = M("a.txt"), M("b.txt", OTHER)
    body = a.local() + b.local()
    first, second = a.central(0), b.central(len(a.local()))
    return body + first + second + end(1, len(second), len(body))


def behind():
    """The directory lies behind the end record, in its comment; another one counts back."""
    a, b = M("a.txt"), M("b.txt", OTHER)
    body = a.local() + b.local()
    first, second = a.central(0), b.central(len(a.local()))
    return body + first + end(1, len(first), len(body) + len(first) + 22, comment=second)


def swallowed():
    """A directory record swallows the end record as its comment, and goes on behind it."""
    a, b = M("a.txt", comment=b"x" * 22), M("b.txt", OTHER)
    body = a.local() + b.local()
    first, second = a.central(0)[:-22], b.central(len(a.local()))
    return body + first + end(2, len(first) + 22 + len(second), len(body), comment=second)


def two_ends():
    """The comment of an end record is another directory with its own end record."""
    a, b = M("a.txt"), M("b.txt", OTHER)
    body = a.local() + b.local()
    first, second = a.central(0), b.central(len(a.local()))
    at = len(body) + len(first) + 22
    return body + first + end(1, len(first), len(body), comment=second + end(1, len(second), at))


def updated():
    """A member was added behind the end record, and a new directory behind that."""
    a = M("a.txt")
    old = a.central(0) + end(1, len(a.central(0)), len(a.local()))
    return archive(a, M("b.txt", OTHER, before=old))


CASES = {
    # Names.
    "ZIP001": {"fire": archive(M("a.txt"), M("a.txt", OTHER)),
               "fire-crc": archive(M("a.txt", b"plumless"), M("b"), M("a.txt", b"buckeroo")),
               "near": archive(M("a.txt"), M("a.txt")),
               "near-prefix": archive(M("a.txt"), M("a.txt.bak", OTHER))},
    "ZIP002": {"fire": archive(M("a.txt"), M("b.txt"), M("a.txt")),
               "near": archive(M("a.txt"), M("a.txt", OTHER))},
    "ZIP003": {"fire": archive(M("Makefile"), M("makefile", OTHER)),
               "fire-folder": archive(M("LICENSE"), M("license/MIT", OTHER)),
               "near": archive(M("Makefile"), M("Makefile.am", OTHER)),
               "near-slash": archive(M("a[b"), M("a{b", OTHER))},
    "ZIP004": {"fire": archive(M("a/b.txt"), M("a\\b.txt", OTHER)),
               "fire-double": archive(M("a/b.txt"), M("a//b.txt", OTHER)),
               "fire-dot": archive(M("a/b.txt"), M("./a/./b.txt", OTHER)),
               "near": archive(M("a/b.txt"), M("a/.b.txt", OTHER))},
    "ZIP005": {"fire": archive(M("a"), M("a/b.txt", OTHER)),
               "fire-folder": archive(M("a"), M("a/", b"")),
               "near": archive(M("a/", b""), M("a/b.txt"), M("ab", OTHER))},
    "ZIP006": {"fire": archive(M("a.txt", local_name=b"a.pkl")),
               "fire-length": archive(M("a.txt", local_name=b"a")),
               "near": archive(M("a.txt", local_extra=struct.pack("<HH4s", 0x4246, 4, b"ZZZZ")))},
    "ZIP007": {"fire": archive(M("a.txt", extra=unicode_extra(b"a.txt", b"b.pkl"))),
               "near": archive(M(b"caf\x82.txt", extra=unicode_extra(b"caf\x82.txt", "café.txt".encode()))),
               "near-escape": archive(M("caf#U00e9.txt",
                                        extra=unicode_extra(b"caf#U00e9.txt", "café.txt".encode()))),
               "near-stale": archive(M("a.txt", extra=unicode_extra(b"old.txt", b"b.pkl")))},
    "ZIP008": {"fire": archive(M("../a.txt")), "fire-inside": archive(M("a/../../b.txt")),
               "fire-backslash": archive(M("a\\..\\..\\b.txt")),
               "near": archive(M("a/..b/c...txt"), M("..."))},
    "ZIP009": {"fire": archive(M("/etc/pratique-fixture")), "fire-drive": archive(M("C:fixture.txt")),
               "fire-unc": archive(M("\\\\host\\share\\a.txt")),
               "near": archive(M("etc/passwd"), M("1:2.txt"), M("a:"[1:] + "x"))},
    "ZIP010": {"fire": archive(M(b"a.txt\0.pkl")), "near": archive(M(b"a.txt0.pkl"))},
    "ZIP011": {"fire": archive(M(b"a\x1b[2K.txt")), "near": archive(M("a [2K.txt"))},
    "ZIP012": {"fire": archive(M("a\\b.txt")), "near": archive(M("a/b.txt"))},
    "ZIP013": {"fire": archive(M(b"caf\x82.txt", flags=UTF8)),
               "near": archive(M(b"caf\x82.txt"), M("café.txt", flags=UTF8))},
    "ZIP014": {"fire": archive(M("")), "near": archive(M("a"))},
    # The two headers, and the content.
    "ZIP015": {"fire": archive(M("a.txt"), M("hidden.txt", OTHER, no_central=True), M("c.txt")),
               "fire-deflate": archive(M("a.txt"), M("hidden.txt", OTHER, DEFLATE, no_central=True)),
               "fire-streamed": archive(M("a.txt"), streamed("h.txt", OTHER, DEFLATE, no_central=True),
                                        M("c.txt")),
               "fire-stored-streamed": archive(M("a.txt"), streamed("h.txt", OTHER, no_central=True),
                                               M("c.txt")),
               "fire-slack": archive(M("a.txt", TEXT, raw=M("h.txt", OTHER).local(),
                                       local_csize=0, local_usize=0, local_crc=0,
                                       csize=len(M("h.txt", OTHER).local()))),
               "near-inner": archive(M("inner.zip", PLAIN))},
    "ZIP016": {"fire": archive(M("a.txt"), M("b.txt", offset=9)),
               "fire-none": archive(M("a.txt"), M("b.txt", no_local=True, offset=1 << 20)),
               "near": archive(M("a.txt"), prefix=b"#!/usr/bin/env python3\n", shift=False)},
    "ZIP017": {"fire": archive(M("a.txt", TEXT, DEFLATE, local_method=STORED)),
               "fire-stored": archive(M("a.txt", TEXT, STORED, local_method=DEFLATE)),
               "near": archive(M("a.txt", TEXT, DEFLATE), M("b.txt", OTHER, STORED))},
    "ZIP018": {"fire": archive(M("a.txt", local_flags=ENCRYPTED)),
               "fire-central": archive(M("a.txt", flags=ENCRYPTED, local_flags=0)),
               "near": archive(M("a.txt", flags=ENCRYPTED)),
               "near-level": archive(M("a.txt", TEXT, DEFLATE, local_flags=2))},
    "ZIP019": {"fire": archive(M("a.txt", TEXT, local_usize=5, local_csize=5)),
               "fire-usize": archive(M("a.txt", TEXT, DEFLATE, local_usize=5)),
               "near": archive(streamed("a.txt", TEXT, DEFLATE), streamed("b.txt", TEXT))},
    "ZIP020": {"fire": archive(M("a.txt", local_crc=1)),
               "near": archive(streamed("a.txt"), M("b.txt"))},
    "ZIP021": {"fire": archive(M("a.txt", extra=zip64_extra(len(TEXT) + 1, len(TEXT)), local_extra=b"")),
               "fire-end": archive(M("a.txt"), zip64={"count": 2}),
               "fire-local": archive(M("a.txt", local_extra=zip64_extra(5, 5), extra=b"")),
               "near": archive(M("a.txt", extra=zip64_extra(len(TEXT), len(TEXT)),
                                 local_extra=zip64_extra(len(TEXT), len(TEXT))), zip64={}),
               "near-called": archive(M("a.txt", extra=zip64_extra(len(TEXT), len(TEXT), 0), csize=ONES,
                                        usize=ONES, offset=ONES,
                                        local_extra=zip64_extra(len(TEXT), len(TEXT))),
                                      zip64={}, count=0xFFFF, size=ONES, offset=ONES)},
    "ZIP022": {"fire": archive(streamed("a.txt", after=descriptor(OTHER)), M("b.txt")),
               "fire-early": archive(streamed("a.txt", b"x" * 9 + descriptor(b"x" * 9) + b"y" * 9)),
               "fire-none": archive(streamed("a.txt", after=b"0123"), M("b.txt")),
               "near": archive(streamed("a.txt"), streamed("b.txt", signed=False),
                               streamed("c.txt", wide=True), streamed("d.txt", signed=False, wide=True),
                               streamed("e.txt", TEXT, DEFLATE)),
               "near-none": archive(M("a.txt", flags=DESCRIPTOR), M("b.txt"))},
    "ZIP023": {"fire": archive(M("a.txt", extra=b"UT\x40\0ab")),
               "near": archive(M("a.txt", extra=b"\0\0\0"),
                               M("b.txt", extra=struct.pack("<HHI", 0x5455, 4, 0)))},
    "ZIP024": {"fire": archive(M("a.txt", TEXT, DEFLATE, usize=5)),
               "fire-more": archive(M("a.txt", TEXT, DEFLATE, usize=500)),
               "fire-stored": archive(M("a.txt", TEXT, usize=5)),
               "near": archive(M("a.txt", TEXT, DEFLATE), M("b.txt"))},
    "ZIP025": {"fire": archive(M("a.txt", crc=1)), "fire-deflate": archive(M("a.txt", TEXT, DEFLATE, crc=1)),
               "near": archive(M("a.txt", crc=0)), "near-empty": archive(M("a.txt", b""))},
    "ZIP026": {"fire": archive(M("a.txt", crc=0)), "near": archive(M("a.txt", crc=1)),
               "near-empty": archive(M("a.txt", b""), M("b/", b""))},
    "ZIP027": {"fire": archive(M("a.txt", TEXT, DEFLATE, raw=pack(DEFLATE, TEXT) + b"left over")),
               "near": archive(M("a.txt", TEXT, DEFLATE), M("b.txt", TEXT, BZIP2), M("c.txt", TEXT, LZMA))},
    "ZIP028": {"fire": quoted(), "fire-same": archive(M("a.txt"), M("b.txt", no_local=True, offset=0)),
               "fire-directory": archive(M("a.txt", csize=80, usize=80)),
               "near": archive(M("a.txt", b""), M("b.txt", b""), M("c/", b""), streamed("d.txt", b""))},
    "ZIP029": {"fire": archive(M("a.txt", TEXT, DEFLATE, raw=pack(DEFLATE, TEXT * 9)[:-6])),
               "fire-garbage": archive(M("a.txt", TEXT, BZIP2, raw=b"no bzip2 at all")),
               "fire-cut": archive(M("a.txt", csize=1 << 20, usize=1 << 20)),
               "near": archive(M("a.txt", TEXT, BZIP2), M("b.txt", TEXT, LZMA))},
    "ZIP030": {"fire": archive(M("a.txt", TEXT, PPMD)), "fire-other": archive(M("a.txt", TEXT, 7)),
               "near": archive(M("a.txt", TEXT, BZIP2), M("b.txt", TEXT, LZMA))},
    "ZIP031": {"fire": archive(M("a.txt", TEXT, flags=ENCRYPTED,
                                 raw=bytes(range(1, 13)) + bytes(b ^ 0x5A for b in TEXT))),
               "fire-aes": archive(M("a.txt", TEXT, AES, flags=ENCRYPTED, raw=bytes(range(60)),
                                     extra=struct.pack("<HHHHBH", 0x9901, 7, 2, 0x4541, 3, 8))),
               "near": archive(M("a.txt", flags=ENCRYPTED))},
    "ZIP032": {"fire": archive(M("a.txt", flags=ENCRYPTED)),
               "fire-deflate": archive(M("a.txt", TEXT, DEFLATE, flags=ENCRYPTED)),
               "fire-strong": archive(M("a.txt", TEXT, DEFLATE, flags=ENCRYPTED | STRONG)),
               "near": archive(M("a.txt", TEXT, DEFLATE, flags=ENCRYPTED,
                                 raw=bytes(range(40, 52)) + pack(DEFLATE, TEXT)[::-1]))},
    "ZIP033": {"fire": archive(M("lib.so.1"), link("lib.so", "lib.so.1")),
               "near": archive(M("lib.so.1"), mode("lib.so", 0o100777))},
    "ZIP034": {"fire": archive(link("a", "/etc/passwd")), "fire-up": archive(link("a/b", "../../c")),
               "fire-down-up": archive(link("a", "b/../../c")),
               "near": archive(link("a/b/c", "../../d")), "near-down": archive(link("a", "b/c/../d"))},
    "ZIP035": {"fire": archive(mode("null", 0o020666)), "fire-block": archive(mode("disk", 0o060660)),
               "near": archive(mode("-", 0o010600, TEXT), mode("run", 0o104755, TEXT), mode("d/", 0o040755))},
    "ZIP036": {"fire": archive(M("a/", TEXT)),
               "near": archive(M("a/", b""), M("b/", b"", DEFLATE))},
    # The archive.
    "ZIP037": {"fire": two_directories(), "fire-comment": two_ends(), "near": PLAIN,
               "fire-behind": behind(),
               "near-comment": archive(M("a.txt"), comment=b"PK, and nothing else")},
    "ZIP038": {"fire": archive(M("a.txt"), M("b.txt"), size=60), "fire-offset": archive(M("a.txt"), offset=3),
               "fire-locator": archive(M("a.txt"), zip64={"locator": 3}),
               "fire-comment": with_comment_cut(PLAIN, 9),
               "near": archive(M("a.txt"), comment=b"nine byte"), "near-zip64": archive(M("a.txt"), zip64={})},
    "ZIP039": {"fire": archive(M("a.txt"), SECOND, count=1), "fire-many": archive(M("a.txt"), count=40000),
               "near": archive(M("a.txt"), SECOND)},
    "ZIP040": {"fire-swallowed": swallowed(), "fire": archive(M("a.txt"), comment=PLAIN), "fire-end": archive(M("a.txt"), comment=end(1, 9, 9)),
               "near": archive(M("a.txt"), comment=b"PK and PK\x03")},
    "ZIP041": {"fire": archive(M("a.txt"), disk=1, directory_disk=1), "fire-count": archive(M("a.txt"), count_here=0),
               "near": archive(M("a.txt"), prefix=b"PK\x07\x08"), "near-segment": archive(M("a.txt"), prefix=b"PK00")},
    "ZIP042": {"fire": archive(M("a.txt", flags=MASKED | ENCRYPTED, local_name=b"1")),
               "fire-zip64": archive(M("a.txt"), zip64={"needed": 62, "extra": b"\0" * 28}),
               "near": archive(M("a.txt"), zip64={"needed": 45})},
    "ZIP043": {"fire": archive(M("a.txt"), M("b.txt", before=b"some text between the members\n")),
               "fire-block": archive(M("a.txt"), gap=b"a block before the directory\n"),
               "near": archive(M("a.txt"), M("b.txt", before=b"\0" * 40), gap=b"\0" * 9),
               "near-extra": archive(M("a.txt", local_extra=struct.pack("<HH4s", 0x4246, 4, b"ZZZZ")))},
    "ZIP044": {"fire": PLAIN + archive(SECOND), "fire-between": archive(M("a.txt"), gap=archive(SECOND)),
               "fire-updated": updated(),
               "near": archive(M("a.zip", PLAIN), M("b.zip", archive(SECOND)))},
    "ZIP045": {"fire": archive(*[M(f"{i}", b"x", before=b"%d\n" % i) for i in range(70)]),
               "near": archive(*[M(f"{i}", b"x", before=b"%d\n" % i) for i in range(50)])},
    "ZIP046": {"fire": archive(M("__main__.py", b"print('pratique-fixture')\n"),
                               prefix=b"#!/usr/bin/env python3\n"),
               "near": archive(M("__main__.py", b"print('pratique-fixture')\n"))},
}


def main():
    folder = sys.argv[1] if len(sys.argv) > 1 else HERE
    for rule, cases in CASES.items():
        os.makedirs(os.path.join(folder, rule), exist_ok=True)
        for name, data in cases.items():
            with open(os.path.join(folder, rule, name + ".zip"), "wb") as f:
                f.write(data)


if __name__ == "__main__":
    main()
