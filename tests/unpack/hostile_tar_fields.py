"""Tar archives that must be refused: one field of a header that readers take in two ways."""
import bz2
import lzma
import struct
import zlib

import tars
from case import Cases
from tars import archive, folder, hardlink, header, member, pax, symlink

cases = Cases("tar")
PLAIN = member("a.txt")
EVIL = member("evil.txt", b"evil\n")
TWO = archive(PLAIN, EVIL)
SIZE = b"%011o\0"


def sized(field, data=b"hello\n", **kw):
    """A member with this size field."""
    return archive(header("a.txt", size_field=field, **kw) + tars.blocks(data), EVIL)


def patched(block, at, raw, **kw):
    """A header with bytes replaced and its checksum made true again."""
    out = bytearray(block[:512])
    out[at:at + len(raw)] = raw
    out[148:156] = b" " * 8
    out[148:156] = b"%06o\0 " % sum(out)
    return bytes(out) + block[512:]


def long(kind, body, size=None):
    return header("././@LongLink", len(body) if size is None else size, kind,
                  magic=tars.GNU) + tars.blocks(body)


def raw_pax(body):
    return archive(pax([], raw=body) + PLAIN)


def sparse_major(data, **more):
    keys = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"), ("GNU.sparse.name", "a.bin"),
            ("GNU.sparse.realsize", "1048576")]
    return archive(pax(keys + list(more.items())) + member("GNUSparseFile.0/a.bin", data))


def chain(n):
    """Links, each through the one before it, deeper with each."""
    out = [folder("d")]
    for i in range(n):
        out.append(symlink("d/l%d" % i, "l%d/.." % (i - 1) if i else "."))
    return archive(*out, symlink("evil", "d/l%d/../../evil" % (n - 1)))


TAR = [
    ("size-nul-first", "number", "a size behind a zero byte, where some readers end it",
     lambda: sized(b"\0" + b"%010o" % 6 + b"\0")),
    ("size-nul-within", "number", "a zero byte within a size", lambda: sized(b"00000\0000006")),
    ("size-blank-within", "number", "a blank within a size", lambda: sized(b"00000 00006\0")),
    ("size-tab", "number", "a size behind a tab", lambda: sized(b"\t0000000006\0")),
    ("size-plus", "number", "a size with a plus sign", lambda: sized(b"+0000000006\0")),
    ("size-hex", "number", "a size in hexadecimal", lambda: sized(b"0x000000006\0")),
    ("size-letters-behind", "number", "a size with letters behind it", lambda: sized(b"0000000006x\0")),
    ("size-decimal", "number", "a size with a nine", lambda: sized(b"00000000009\0")),
    ("size-binary-high", "number", "a binary size with bits in its first byte",
     lambda: sized(b"\x81" + b"\0" * 10 + b"\6")),
    ("size-binary-short", "number", "a binary size of nine bytes and a zero",
     lambda: sized(b"\x80" + b"\xff" * 11)),
    ("size-empty", "number", "a size field of zero bytes, and content",
     lambda: sized(b"\0" * 12)),
    ("size-blanks", "number", "a size field of blanks, and content", lambda: sized(b" " * 12)),
    ("mode-text", "number", "a mode that is no number",
     lambda: archive(patched(PLAIN, 100, b"rw-r--r-"))),
    ("checksum-empty", "checksum", "a header without a checksum",
     lambda: archive(PLAIN[:148] + b"\0" * 8 + PLAIN[156:])),
    ("checksum-blank", "checksum", "a header with a checksum of blanks",
     lambda: archive(PLAIN[:148] + b" " * 8 + PLAIN[156:])),
    ("checksum-second", "checksum", "a second header with a wrong checksum",
     lambda: archive(PLAIN, member("b.txt", checksum=1))),
    ("checksum-pax", "checksum", "a pax header with a wrong checksum",
     lambda: archive(flip(pax([("path", "b.txt")]), 0) + PLAIN)),
    ("name-nul-tail", "badname", "a name with more behind its zero byte",
     lambda: archive(member(b"a.txt\0../evil.txt"))),
    ("link-nul-tail", "badname", "a link's target with more behind its zero byte",
     lambda: archive(PLAIN, symlink("l", b"a.txt\0/etc/passwd"))),
    ("prefix-nul-tail", "badname", "a prefix with more behind its zero byte",
     lambda: archive(member("a.txt", prefix=b"p\0../.."))),
    ("prefix-digits-v7", "badname", "digits in place of a prefix, in a header of 1979",
     lambda: archive(patched(member("a.txt", magic=tars.V7), 345, b"0755"))),
    ("prefix-digits-gnu", "badname", "digits in place of a prefix, in GNU's format",
     lambda: archive(patched(member("a.txt", magic=tars.GNU), 345, b"07"))),
    ("prefix-times-gnu", "badname", "a whole path of digits in place of a prefix, in GNU's format",
     lambda: archive(patched(member("a.txt", magic=tars.GNU), 345, b"14371763214 14371763214"))),
    ("prefix-slash", "absolute", "a prefix that is the root", lambda: archive(member("a", prefix=b"/"))),
    ("prefix-dots", "dotdot", "a prefix that is the folder above",
     lambda: archive(member("a", prefix=b".."))),
    ("magic-unknown", "badname", "a magic that nobody knows",
     lambda: archive(member("a.txt", magic=b"USTAR\00000"))),
    ("magic-cut", "badname", "a magic without its end",
     lambda: archive(member("a.txt", magic=b"ustarx00"))),
    ("type-solaris-pax", "type", "an extended header of Solaris",
     lambda: archive(header("x", 0, b"X"), PLAIN)),
    ("type-solaris-pax-content", "type", "an extended header of Solaris that names what follows",
     lambda: archive(header("x", len(tars.record("path", "b")), b"X")
                     + tars.blocks(tars.record("path", "b")), PLAIN)),
    ("type-acl", "type", "an access list of Solaris", lambda: archive(header("x", 0, b"A"), PLAIN)),
    ("type-attributes", "type", "extended attributes of Solaris",
     lambda: archive(header("x", 0, b"E"), PLAIN)),
    ("type-inode", "type", "an inode of star", lambda: archive(header("x", 0, b"I"), PLAIN)),
    ("type-names", "type", "names as GNU tar once listed them",
     lambda: archive(member("x", b"Rename a.txt to ../evil\n", kind=b"N"), PLAIN)),
    ("type-volume", "type", "the label of a volume", lambda: archive(header("vol", 0, b"V"), PLAIN)),
    ("type-high", "type", "a type of a letter that there is not",
     lambda: archive(member("x", kind=b"\xff"))),
    ("type-space", "type", "a blank as a type", lambda: archive(member("x", kind=b" "))),
    ("link-slash", "slash", "a symbolic link whose name ends on a slash",
     lambda: archive(PLAIN, symlink("l/", "a.txt"))),
    ("hard-slash", "slash", "a hard link whose name ends on a slash",
     lambda: archive(PLAIN, hardlink("l/", "a.txt"))),
    ("hard-to-slash", "hardlink", "a hard link to a file with a slash behind it",
     lambda: archive(PLAIN, hardlink("l", "a.txt/"))),
    ("link-dot", "slash", "a symbolic link that is the folder itself",
     lambda: archive(symlink(".", "sub"), member("./a.txt"))),
    ("link-dot-slash", "slash", "a symbolic link that is the folder itself, with a slash",
     lambda: archive(symlink("./", "sub"), member("./a.txt"))),
    ("hard-dot", "hardlink", "a hard link to the folder itself", lambda: archive(hardlink("l", "."))),
    ("link-then-folder", "linkin", "a symbolic link, then a folder of its name",
     lambda: archive(folder("t"), symlink("l", "t"), folder("l"))),
    ("link-then-folder-slash", "linkin", "a symbolic link, then a folder of its name in other letters",
     lambda: archive(folder("t"), symlink("l", "t"), folder("L/"))),
    ("link-unicode", "linkin", "a symbolic link, and a member through it in another normal form",
     lambda: archive(pax([("path", "\u00e9")]) + symlink("l", "t"),
                     pax([("path", "e\u0301/a.txt")]) + member("a.txt"))),
    ("hard-over-file", "duplicate", "a hard link in the place of a file",
     lambda: archive(PLAIN, member("b.txt"), hardlink("b.txt", "a.txt"))),
    ("hard-then-content", "duplicate", "a hard link, then content for it",
     lambda: archive(PLAIN, hardlink("l", "a.txt"), member("l", b"evil\n"))),
    ("hard-dotdot", "hardlink", "a hard link that climbs and comes back",
     lambda: archive(PLAIN, folder("d"), hardlink("l", "d/../a.txt"))),
    ("hard-case", "hardlink", "a hard link to a file in other letters",
     lambda: archive(PLAIN, hardlink("l", "A.TXT"))),
    ("hard-to-link-inside", "hardlink", "a hard link to a symbolic link that stays",
     lambda: archive(PLAIN, symlink("s", "a.txt"), hardlink("l", "s"))),
    ("hard-content-pax", "size", "a hard link whose pax header gives it content",
     lambda: archive(PLAIN, pax([("size", "5")]) + hardlink("l", "a.txt") + tars.blocks(b"evil\n"))),
    ("link-chain-forty", "linkout", "forty links, each through the one before", lambda: chain(40)),
    ("link-up-later", "linkout", "a link that climbs behind a folder's name",
     lambda: archive(folder("d"), symlink("l", "d/../../x"))),
    ("link-root-slashes", "linkout", "a link to the root with many slashes",
     lambda: archive(symlink("l", "////etc"))),
    ("link-dot-up", "linkout", "a link that leaves behind './'",
     lambda: archive(symlink("l", "./../x"))),
    ("link-percent", "linkout", "a link to a drive with a slash", lambda: archive(symlink("l", "c:/x"))),
    ("pax-path-slash", "slash", "a pax path with a slash at its end, for a file",
     lambda: archive(pax([("path", "a/")]) + member("a"))),
    ("pax-path-dot", "empty", "a pax path that is the folder itself",
     lambda: archive(pax([("path", ".")]) + member("a"))),
    ("pax-size-empty", "pax", "an empty size in a pax record",
     lambda: archive(pax([("size", "")]) + PLAIN)),
    ("pax-size-plus", "pax", "a pax size with a plus sign", lambda: archive(pax([("size", "+6")]) + PLAIN)),
    ("pax-size-blank", "pax", "a pax size with a blank", lambda: archive(pax([("size", " 6")]) + PLAIN)),
    ("pax-size-fraction", "pax", "a pax size with a fraction",
     lambda: archive(pax([("size", "6.0")]) + PLAIN)),
    ("pax-size-of-folder", "size", "a folder whose pax header gives it content",
     lambda: archive(pax([("size", "512")]) + folder("d") + EVIL)),
    ("pax-size-folder-same", "size", "a folder with content by both headers",
     lambda: archive(pax([("size", "512")]) + folder("d", size=512) + EVIL)),
    ("pax-length-zero", "pax", "a pax record of no length", lambda: raw_pax(b"0 path=b\n")),
    ("pax-length-leading", "pax", "a pax record whose length has zeros before it",
     lambda: raw_pax(b"0000000000000012 path=b\n")),
    ("pax-length-short", "pax", "a pax record that ends within its keyword",
     lambda: raw_pax(b"5 path=b.txt\n")),
    ("pax-length-sign", "pax", "a pax record with a sign", lambda: raw_pax(b"+13 path=b.t\n")),
    ("pax-length-blank", "pax", "a pax record behind a blank", lambda: raw_pax(b" 13 path=b.t\n")),
    ("pax-no-equals", "pax", "a pax record without its sign", lambda: raw_pax(b"8 pathb\n")),
    ("pax-no-keyword", "pax", "a pax record without a keyword", lambda: raw_pax(b"5 =b\n")),
    ("pax-newline", "control", "a line feed within a pax path",
     lambda: archive(pax([("path", "a\n17 path=evil.x")]) + PLAIN)),
    ("pax-junk", "pax", "bytes behind the last pax record",
     lambda: raw_pax(tars.record("comment", "x") + b"junk")),
    ("pax-zeros-records", "pax", "records behind zeros in a pax header",
     lambda: raw_pax(tars.record("comment", "x") + b"\0" * 4 + tars.record("path", "../evil"))),
    ("pax-keyword-nul", "pax", "a keyword that a zero byte ends",
     lambda: archive(pax([(b"path\0x", "b.txt")]) + PLAIN)),
    ("pax-size-schily", "pax", "a true size by star's keyword",
     lambda: archive(pax([("SCHILY.realsize", "99")]) + PLAIN)),
    ("pax-filetype-schily", "pax", "a type by star's keyword",
     lambda: archive(pax([("SCHILY.filetype", "sparse")]) + PLAIN)),
    ("pax-size-number", "number", "a pax header whose own size is no number",
     lambda: archive(header("x", size_field=b"0000000001x\0", kind=b"x")
                     + tars.blocks(tars.record("path", "b")), PLAIN)),
    ("pax-size-nul", "number", "a pax header whose own size follows a zero byte",
     lambda: archive(header("x", size_field=b"\0" + b"%010o" % len(tars.record("path", "b")) + b"\0",
                            kind=b"x") + tars.blocks(tars.record("path", "b")), PLAIN)),
    ("pax-for-global", "extension", "a pax header before a global one",
     lambda: archive(pax([("path", "b.txt")]) + pax([("comment", "x")], b"g") + PLAIN)),
    ("pax-for-pax-global", "pax", "a global header with a member's size",
     lambda: archive(pax([("size", "6")], b"g") + PLAIN)),
    ("pax-for-end", "extension", "a pax header before the end",
     lambda: archive(PLAIN, pax([("path", "b.txt")]))),
    ("pax-then-long", "extension", "a pax header before a long name",
     lambda: archive(pax([("mtime", "1")]) + tars.longname("b" * 120) + PLAIN)),
    ("pax-global-sparse", "pax", "a global header of sparse members",
     lambda: archive(pax([("GNU.sparse.major", "1")], b"g") + PLAIN)),
    ("pax-global-charset", "pax", "a global header with a character set",
     lambda: archive(pax([("hdrcharset", "EBCDIC")], b"g") + PLAIN)),
    ("pax-link-of-file", "pax", "a pax link target for what is no link",
     lambda: archive(pax([("linkpath", "/etc/passwd")]) + PLAIN)),
    ("long-link-of-file", "extension", "a GNU long link for what is no link",
     lambda: archive(tars.longname("/etc/passwd", b"K") + PLAIN)),
    ("long-name-size", "number", "a long name whose size is no number",
     lambda: archive(header("x", size_field=b"0000000006z\0", kind=b"L") + tars.blocks(b"b.txt\0"), PLAIN)),
    ("long-name-no-end", "empty", "a long name of no bytes",
     lambda: archive(long(b"L", b"") + PLAIN)),
    ("long-name-padding", "extension", "a long name with bytes behind it in its block",
     lambda: archive(header("././@LongLink", 6, b"L", magic=tars.GNU) + b"b.txt\0../evil".ljust(512, b"\0")
                     + PLAIN)),
    ("long-link-nul", "nul", "a long link with a zero byte, and more behind it",
     lambda: archive(PLAIN, long(b"K", b"a.txt\0/etc/passwd\0") + symlink("l", "a.txt"))),
    ("long-name-slash", "slash", "a long name with a slash at its end, for a file",
     lambda: archive(tars.longname("b" * 120 + "/") + PLAIN)),
    ("sparse-1-0-lies", "sparse", "a sparse map that reaches past the file",
     lambda: sparse_major(b"1\n1048000\n4096\n".ljust(512, b"\0") + b"x" * 4096)),
    ("sparse-minor-alone", "sparse", "a sparse file by its name alone",
     lambda: archive(pax([("GNU.sparse.name", "b.txt")]) + PLAIN)),
    ("sparse-size-alone", "sparse", "a sparse file by its size alone",
     lambda: archive(pax([("GNU.sparse.size", "99")]) + PLAIN)),
    ("sparse-sun", "pax", "holes by Sun's keyword",
     lambda: archive(pax([("SUN.holesdata", " 0 6")]) + PLAIN)),
    ("end-one-block", "end", "one end block", lambda: (PLAIN + b"\0" * 512)),
    ("end-half", "cut", "end blocks that are cut off", lambda: (PLAIN + b"\0" * 800)),
    ("end-zeros-then-member", "afterend", "a member behind four blocks of zeros",
     lambda: PLAIN + b"\0" * 2048 + archive(EVIL)),
    ("end-last-byte", "afterend", "a byte behind the end", lambda: archive(PLAIN) + b"x"),
]


def flip(data, at):
    return data[:at] + bytes([data[at] ^ 1]) + data[at + 1:]


def gz(data, flags=0, fields=b"", tail=None):
    body = zlib.compressobj(6, zlib.DEFLATED, -15)
    packed = body.compress(data) + body.flush()
    return (b"\x1f\x8b\x08" + bytes([flags]) + b"\0" * 4 + b"\0\3" + fields + packed
            + (struct.pack("<II", zlib.crc32(data), len(data)) if tail is None else tail))


def lzma_alone(data):
    return lzma.compress(data, lzma.FORMAT_ALONE)


def xz_checked(data, check):
    return lzma.compress(data, check=check)


PACKED = [
    ("tar.gz", "gzip-header-crc", "cut", "a gzip header with a wrong checksum",
     lambda: gz(TWO, 2, b"\1\2")),
    ("tar.gz", "gzip-extra-long", "cut", "a field of a gzip header that is too long",
     lambda: gz(TWO, 4, b"\xff\xff")),
    ("tar.gz", "gzip-name-unended", "cut", "a name in a gzip header without its end",
     lambda: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * 900),
    ("tar.gz", "gzip-no-tail", "cut", "a gzip stream without its checksum", lambda: gz(TWO, tail=b"")),
    ("tar.gz", "gzip-tail-half", "cut", "a gzip stream without its length",
     lambda: gz(TWO, tail=struct.pack("<I", zlib.crc32(TWO)))),
    ("tar.gz", "gzip-size-wraps", "cut", "a gzip stream with a length that is greater by one",
     lambda: gz(TWO, tail=struct.pack("<II", zlib.crc32(TWO), len(TWO) + 1))),
    ("tar.gz", "gzip-zeros", "junk", "zeros behind a gzip stream", lambda: gz(TWO) + b"\0" * 512),
    ("tar.gz", "gzip-then-bzip2", "junk", "a bzip2 stream behind a gzip stream",
     lambda: gz(TWO) + bz2.compress(archive(EVIL))),
    ("tar.gz", "gzip-then-cut", "cut", "the start of a second stream", lambda: gz(TWO) + b"\x1f\x8b\x08"),
    ("tar.gz", "gzip-second-broken", "cut", "a second stream of nothing with a wrong checksum",
     lambda: gz(TWO) + gz(b"", tail=b"\1\0\0\0\0\0\0\0")),
    ("tar.gz", "zlib", "cut", "a zlib stream that is called gzip", lambda: zlib.compress(TWO)),
    ("tar.bz2", "bzip2-crc", "cut", "a bzip2 stream with a wrong checksum",
     lambda: (lambda b: b[:10] + bytes([b[10] ^ 1]) + b[11:])(bz2.compress(TWO))),
    ("tar.bz2", "bzip2-level", "cut", "a bzip2 stream of a level that there is not",
     lambda: b"BZh0" + bz2.compress(TWO)[4:]),
    ("tar.bz2", "bzip2-zeros", "junk", "zeros behind a bzip2 stream", lambda: bz2.compress(TWO) + b"\0" * 9),
    ("tar.xz", "xz-padding-odd", "junk", "padding of an xz stream that is no multiple of four",
     lambda: lzma.compress(TWO) + b"\0\0\0"),
    ("tar.xz", "xz-footer", "cut", "an xz footer that differs from its header",
     lambda: (lambda b: b[:-4] + b"\0\1YZ")(lzma.compress(TWO))),
    ("tar.xz", "xz-check-crc", "cut", "an xz stream with a wrong check",
     lambda: (lambda b: b[:40] + bytes([b[40] ^ 16]) + b[41:])(xz_checked(TWO, lzma.CHECK_CRC64))),
    ("tar.xz", "xz-dictionary", "cut", "an xz stream that asks for a dictionary of gigabytes",
     lambda: lzma.compress(TWO, filters=[{"id": lzma.FILTER_LZMA2, "dict_size": 1 << 30}])),
    ("tar.zst", "zst-window", "cut", "a zstd frame that asks for a window of gigabytes",
     lambda: (lambda b: b[:5] + b"\xa8" + b[6:])(tars.zst(TWO))),
    ("tar.zst", "zst-block", "cut", "a zstd block of a kind that there is not",
     lambda: struct.pack("<IBB", 0xfd2fb528, 0, 0x58) + b"\x07\0\0"),
    ("tar.zst", "zst-junk", "junk", "bytes behind a zstd frame", lambda: tars.zst(TWO) + b"junk"),
]

for _name, _reason, _what, _make in TAR:
    cases.add("field-" + _name, "refuse", _reason, _what, _make)
for _suffix, _name, _reason, _what, _make in PACKED:
    cases.add("stream-" + _name, "refuse", _reason, _what, _make, suffix=_suffix)
