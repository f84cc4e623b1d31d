"""Tar archives that must be refused, plain and compressed."""
import bz2
import gzip
import lzma
import struct
import zlib

import names
import tars
from case import Cases
from tars import archive, hardlink, header, member, pax, symlink

cases = Cases("tar")
bad = cases.bad
PLAIN = member("a.txt")
EVIL = member("evil.txt", b"evil\n")


def named(path, data=b"evil\n", **fields):
    """A member of any name: in a pax record where a header has no room or no letters for it."""
    if path.endswith("/"):
        return tars.folder(path)
    raw = path.encode()
    if len(raw) <= 100 and raw.isascii():
        return member(path, data, **fields)
    return pax([("path", path)]) + member(raw[:100], data, **fields)


def tables():
    for name, path, reason, what in names.HOSTILE:
        cases.add("name-" + name, "refuse", reason, what,
                  lambda path=path: archive(PLAIN, named(path)))
    for name, path, what in names.HOSTILE_BYTES:
        cases.add("bytes-" + name, "refuse", "encoding", what, lambda path=path: archive(member(path)))
    for name, paths, reason, what in names.COLLIDING:
        cases.add("two-" + name, "refuse", reason, what, lambda paths=paths: archive(
            *(named(p, b"%d\n" % i) for i, p in enumerate(paths))))
    for name, kind, what in TYPES:
        cases.add("type-" + name, "refuse", "type", what,
                  lambda kind=kind: archive(PLAIN, header("x", kind=kind, major=1, minor=3)))
    for suffix in ("tar.gz", "tar.bz2", "tar.xz", "tar.zst"):
        compressed(suffix)


TYPES = [
    ("character", b"3", "a character device"),
    ("block", b"4", "a block device"),
    ("fifo", b"6", "a named pipe"),
    ("contiguous-unknown", b"Z", "a type that no standard knows"),
    ("multivolume", b"M", "the rest of a file of another volume"),
]


def compressed(suffix):
    pack = tars.COMPRESSED[suffix]

    def add(name, reason, what, make):
        cases.add(name, "refuse", reason, what, make, suffix=suffix)

    big = archive(member("a.bin", bytes((i * i >> 4) & 255 for i in range(60000))), EVIL)
    add("packed-up", "dotdot", "a name that leaves", lambda: pack(archive(PLAIN, member("../evil.txt"))))
    add("packed-link", "linkout", "a link that leaves, and a member through it",
        lambda: pack(archive(symlink("l", ".."), member("l/evil.txt"))))
    add("packed-cut", "cut", "a stream that is cut off", lambda: pack(big)[:-40])
    add("packed-cut-half", "cut", "half of a stream", lambda: pack(big)[:len(pack(big)) // 2])
    add("packed-junk", "junk", "junk behind the stream", lambda: pack(archive(PLAIN)) + b"junk" * 9)
    add("packed-second", "afterend", "a second archive in a second stream",
        lambda: pack(archive(PLAIN)) + pack(archive(EVIL)))
    add("packed-flip", "cut", "a stream with a wrong byte", lambda: flipped(pack(big)))


def flipped(data):
    out = bytearray(data)
    out[len(out) // 2] ^= 0x55
    out[-1] ^= 0x55
    return bytes(out)


@bad("linkout")
def link_outside():
    """a symbolic link that leaves"""
    return archive(symlink("l", "../../outside"))


@bad("linkout")
def link_absolute():
    """a symbolic link to the root"""
    return archive(symlink("l", "/etc/passwd"))


@bad("linkout")
def link_outside_deep():
    """a link in a folder that leaves by one too many"""
    return archive(symlink("a/b/l", "../../../x"))


@bad("linkout")
def link_there_and_out():
    """a link that enters a folder and leaves two"""
    return archive(PLAIN, symlink("l", "a/../../x"))


@bad("linkout")
def link_backslash():
    """a link that leaves by backslashes"""
    return archive(symlink("l", "..\\..\\x"))


@bad("linkout")
def link_drive():
    """a link to a drive"""
    return archive(symlink("l", "C:\\Windows"))


@bad("linkout")
def link_chain():
    """two links that leave together: each alone stays within"""
    return archive(tars.folder("a"), symlink("a/here", "."), symlink("a/here/l", "../.."))


@bad("linkout")
def link_through_link_out():
    """a link whose target leads through another link, and so out"""
    return archive(tars.folder("a/b/c"), symlink("d", "a/b/c"), symlink("l", "d/../../../.."))


@bad("linkout")
def link_up_of_link():
    """a target of '..' behind a link to the folder itself"""
    return archive(symlink("d", "."), symlink("l", "d/../x"))


@bad("linkout")
def link_long_chain():
    """the chain of CVE-2025-4517: links so long that a check of the path gives up"""
    part, parts, at = "d" * 247, [], ""
    for letter in "abcdefghijklmnop":
        here = at + part
        parts += [pax([("path", here)]) + header("x", kind=b"5", mode=0o755),
                  pax([("path", at + letter), ("linkpath", part)]) + header("x", kind=b"2")]
        at = here + "/"
    short = "/".join("abcdefghijklmnop")
    long = "l" * 254
    parts += [pax([("path", short + "/" + long), ("linkpath", "../" * 16)]) + header("x", kind=b"2"),
              pax([("path", "escape"), ("linkpath", short + "/" + long + "/../../outside")])
              + header("x", kind=b"2"),
              hardlink("flag", "escape/flag"), EVIL]
    return archive(*parts)


@bad("linkin")
def link_through():
    """a member that is written through a link of the archive"""
    return archive(tars.folder("a"), symlink("b", "a"), member("b/evil.txt"))


@bad("linkout")
def link_through_out():
    """a member that is written through a link that leaves"""
    return archive(symlink("b", ".."), member("b/evil.txt"))


@bad("linkout")
def link_through_root():
    """a member that is written through a link to a folder of the machine"""
    return archive(symlink("b", "/tmp"), member("b/pratique-evil.txt"))


@bad("linkin")
def link_replaces_folder():
    """a folder that becomes a link, then a member in it (CVE-2021-32803)"""
    return archive(tars.folder("x"), symlink("x", "/tmp"), member("x/pratique-evil.txt"))


@bad("linkin")
def link_replaced_by_file():
    """a link and a file of one name: the file is written where the link points"""
    return archive(symlink("x", "../evil.txt"), member("x", b"evil\n"))


@bad("linkin")
def link_case():
    """a link, and a member through it in other letters (CVE-2021-37712)"""
    return archive(symlink("Links", "/tmp"), member("links/pratique-evil.txt"))


@bad("linkout")
def link_empty():
    """a link to nothing"""
    return archive(symlink("l", ""))


@bad("nul")
def link_nul():
    """a zero byte in a link's target"""
    return archive(pax([("linkpath", b"a.txt\0/../../x")]) + symlink("l", "a.txt"))


@bad("linkout")
def link_loop():
    """two links that point at each other"""
    return archive(symlink("a", "b"), symlink("b", "a"))


@bad("linkout")
def link_itself():
    """a link to itself"""
    return archive(symlink("a", "a"))


@bad("linkout")
def link_long_target():
    """a target longer than PATH_MAX"""
    return archive(tars.longname("t/" * 2500, b"K") + symlink("l", "t", magic=tars.GNU))


@bad("hardlink")
def hard_outside():
    """a hard link that leaves"""
    return archive(hardlink("h", "../outside.txt"))


@bad("hardlink")
def hard_absolute():
    """a hard link to a file of the machine"""
    return archive(hardlink("h", "/etc/passwd"))


@bad("hardlink")
def hard_then_file():
    """a hard link to a file of the machine, then content for it"""
    return archive(hardlink("h", "/etc/hostname"), member("h", b"evil\n"))


@bad("hardlink")
def hard_missing():
    """a hard link to a member that there is not"""
    return archive(hardlink("h", "none.txt"))


@bad("hardlink")
def hard_later():
    """a hard link to a member that comes later"""
    return archive(hardlink("h", "a.txt"), PLAIN)


@bad("hardlink")
def hard_itself():
    """a hard link to itself"""
    return archive(hardlink("h", "h"))


@bad("linkout")
def hard_to_symlink():
    """a hard link to a symbolic link that leaves"""
    return archive(symlink("l", "/etc/passwd"), hardlink("h", "l"))


@bad("hardlink")
def hard_to_folder():
    """a hard link to a folder"""
    return archive(tars.folder("d"), hardlink("h", "d"))


@bad("hardlink")
def hard_through_link():
    """a hard link to a file behind a symbolic link"""
    return archive(tars.folder("d"), member("d/a.txt"), symlink("l", "d"), hardlink("h", "l/a.txt"))


@bad("setuid")
def mode_setuid():
    """a file with the set-user bit"""
    return archive(member("a.txt", mode=0o4755))


@bad("setuid")
def mode_setgid():
    """a file with the set-group bit"""
    return archive(member("a.txt", mode=0o2755))


def old_sparse(real, entries, data=b"hello\n"):
    """GNU's old sparse header: offsets and lengths behind the device numbers."""
    tail = b"\0" * 41 + b"".join(tars.octal(a, 12) + tars.octal(n, 12) for a, n in entries)
    tail = tail.ljust(41 + 96, b"\0") + b"\0" + tars.octal(real, 12)
    return header("a.bin", len(data), b"S", magic=tars.GNU, tail=tail) + tars.blocks(data)


@bad("sparse")
def sparse_old():
    """a sparse file of 8 GB from six bytes, as old GNU tar wrote it"""
    return archive(old_sparse(8 ** 11 - 1, [(0, 6), (8 ** 11 - 1, 0)]))


@bad("sparse")
def sparse_old_overlap():
    """a sparse map whose pieces overlap"""
    return archive(old_sparse(100, [(0, 4), (2, 2)]))


def pax_sparse(minor, real, pieces, data=b"hello\n"):
    if minor == "0.0":
        keys = [("GNU.sparse.size", str(real)), ("GNU.sparse.numblocks", str(len(pieces)))]
        for at, n in pieces:
            keys += [("GNU.sparse.offset", str(at)), ("GNU.sparse.numbytes", str(n))]
    elif minor == "0.1":
        keys = [("GNU.sparse.size", str(real)), ("GNU.sparse.numblocks", str(len(pieces))),
                ("GNU.sparse.name", "a.bin"),
                ("GNU.sparse.map", ",".join("%d,%d" % p for p in pieces))]
    else:
        keys = [("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                ("GNU.sparse.name", "a.bin"), ("GNU.sparse.realsize", str(real))]
        text = "%d\n" % len(pieces) + "".join("%d\n%d\n" % p for p in pieces)
        data = tars.blocks(text.encode()) + data
    return pax(keys) + member("GNUSparseFile.0/a.bin", data)


@bad("sparse")
def sparse_pax_0_0():
    """a sparse file of a terabyte from six bytes, pax 0.0"""
    return archive(pax_sparse("0.0", 1 << 40, [(0, 6), (1 << 40, 0)]))


@bad("sparse")
def sparse_pax_0_1():
    """a sparse file of a terabyte from six bytes, pax 0.1"""
    return archive(pax_sparse("0.1", 1 << 40, [(0, 6), (1 << 40, 0)]))


@bad("sparse")
def sparse_pax_1_0():
    """a sparse file of a terabyte from six bytes, pax 1.0"""
    return archive(pax_sparse("1.0", 1 << 40, [(0, 6), (1 << 40, 0)]))


@bad("sparse")
def sparse_pax_huge_map():
    """a sparse map that says it has a million pieces"""
    return archive(pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                        ("GNU.sparse.name", "a.bin"), ("GNU.sparse.realsize", "6")])
                   + member("x", tars.blocks(b"1000000\n0\n6\n") + b"hello\n"))


@bad("dotdot")
def sparse_name_up():
    """a sparse file whose own name leaves the folder"""
    return archive(pax([("GNU.sparse.major", "1"), ("GNU.sparse.minor", "0"),
                        ("GNU.sparse.name", "../evil.bin"), ("GNU.sparse.realsize", "6")])
                   + member("x", tars.blocks(b"1\n0\n6\n") + b"hello\n"))


@bad("dotdot")
def pax_path_up():
    """a pax path that leaves, before an innocent header"""
    return archive(pax([("path", "../evil.txt")]) + PLAIN)


@bad("absolute")
def pax_path_root():
    """a pax path from the root, before an innocent header"""
    return archive(pax([("path", "/tmp/pratique-evil.txt")]) + PLAIN)


@bad("linkout")
def pax_link_out():
    """a pax link target that leaves, before an innocent header"""
    return archive(pax([("linkpath", "../../x")]) + symlink("l", "a.txt"))


@bad("nul")
def pax_path_nul():
    """a zero byte in a pax path"""
    return archive(pax([("path", b"a.txt\0.png")]) + PLAIN)


@bad("pax")
def pax_size_differs():
    """a size in a pax record, another in the header: readers see other members (TARmageddon)"""
    inner = member("evil.txt", b"evil\n")
    return archive(pax([("size", str(len(inner)))]) + header("a.bin", 0) + inner, PLAIN)


@bad("pax")
def pax_size_less():
    """a pax size that is smaller than the header's"""
    inner = member("evil.txt", b"evil\n")
    return archive(pax([("size", "0")]) + header("a.bin", len(inner)) + inner, PLAIN)


@bad("pax")
def pax_size_negative():
    """a negative size in a pax record"""
    return archive(pax([("size", "-512")]) + PLAIN)


@bad("pax")
def pax_size_text():
    """a size in a pax record that is no number"""
    return archive(pax([("size", "6x")]) + PLAIN)


@bad("pax")
def pax_path_twice():
    """a pax path twice"""
    return archive(pax([("path", "a.txt"), ("path", "evil.txt")]) + PLAIN)


@bad("pax")
def pax_two_headers():
    """two pax headers for one member"""
    return archive(pax([("path", "evil.txt")]) + pax([("path", "a.txt")]) + PLAIN)


@bad("pax")
def pax_and_long_name():
    """a pax path and a GNU long name for one member"""
    return archive(pax([("path", "a.txt")]) + tars.longname("evil.txt") + PLAIN)


@bad("pax")
def pax_length_wrong():
    """a pax record with a wrong length"""
    return archive(pax(None, raw=b"30 path=evil.txt\n") + PLAIN)


@bad("pax")
def pax_length_huge():
    """a pax record longer than its header"""
    return archive(pax(None, raw=b"999999999999 path=evil.txt\n") + PLAIN)


@bad("pax")
def pax_no_newline():
    """a pax record without its line feed"""
    return archive(pax(None, raw=b"17 path=evil.txt.") + PLAIN)


@bad("pax")
def pax_charset():
    """a character set for pax names that nobody knows"""
    return archive(pax([("hdrcharset", "KOI8-R"), ("path", b"\xc1.txt")]) + PLAIN)


@bad("pax")
def pax_huge():
    """a pax header of 40 MB"""
    return archive(pax([("comment", b"x" * 40000000)]) + PLAIN)


@bad("pax")
def pax_global_path():
    """a global header that names every member"""
    return archive(pax([("path", "evil.txt")], b"g"), PLAIN)


@bad("pax")
def pax_global_size():
    """a global header that sizes every member"""
    return archive(pax([("size", "0")], b"g"), PLAIN)


@bad("pax")
def pax_global_link():
    """a global header that gives every link its target"""
    return archive(pax([("linkpath", "/etc/passwd")], b"g"), symlink("l", "a.txt"), PLAIN)


@bad("pax")
def pax_dangling():
    """a pax header without a member"""
    return archive(PLAIN, pax([("path", "evil.txt")]))


@bad("badname")
def pax_path_empty():
    """an empty pax path: some readers fall back on the header's"""
    return archive(pax([("path", "")]) + PLAIN)


@bad("badname")
def pax_link_empty():
    """an empty pax link target: some readers fall back on the header's"""
    return archive(PLAIN, pax([("linkpath", "")]) + symlink("l", "a.txt"))


@bad("badname")
def long_name_empty():
    """an empty GNU long name"""
    return archive(tars.longname("") + header("a.txt", 0, magic=tars.GNU))


@bad("badname")
def prefix_gnu():
    """GNU's format with a prefix, which only some readers put before the name"""
    return archive(header("a.txt", 0, magic=tars.GNU, prefix=b"../.."))


@bad("badname")
def prefix_v7():
    """a header of 1979 with a prefix, which only some readers put before the name"""
    raw = bytearray(header("a.txt", 0, magic=tars.V7))
    raw[345:351] = b"../../"
    raw[148:156] = b" " * 8
    raw[148:156] = b"%06o\0 " % sum(raw)
    return archive(bytes(raw))


@bad("badname")
def name_unended():
    """a name of a hundred bytes without its end, and a prefix that makes another"""
    return archive(header("a" * 100, 0, magic=tars.GNU, prefix=b"b"))


@bad("checksum")
def checksum_wrong():
    """a header with a wrong checksum"""
    return archive(PLAIN, header("b.txt", 0, checksum=1), EVIL)


@bad("checksum")
def checksum_first():
    """a first header with a wrong checksum"""
    return archive(header("a.txt", 0, checksum=7), EVIL)


@bad("number")
def size_negative():
    """a negative size in binary"""
    return archive(header("a.txt", size_field=tars.base256(-512)) + EVIL)


@bad("number")
def size_huge():
    """a size near the greatest number"""
    return archive(header("a.txt", size_field=tars.base256(2 ** 63 - 1)) + EVIL)


@bad("number")
def size_text():
    """a size that is no number"""
    return archive(header("a.txt", size_field=b"00000000zz6\0") + tars.blocks(b"hello\n"))


@bad("number")
def size_minus():
    """a size with a minus sign"""
    return archive(header("a.txt", size_field=b"-0000000512\0") + EVIL)


@bad("cut")
def size_beyond():
    """a size beyond the end of the archive"""
    return archive(header("a.txt", 1 << 30) + b"hello\n" + b"\0" * 506)


@bad("size")
def size_of_folder():
    """a folder with a size: readers skip what follows, or read it"""
    return archive(header("d", 1024, b"5", mode=0o755), EVIL)


@bad("size")
def size_of_link():
    """a symbolic link with a size"""
    return archive(PLAIN, header("l", 1024, b"2", link="a.txt"), EVIL)


@bad("size")
def size_of_hard_link():
    """a hard link with a size, whose data are another member"""
    return archive(PLAIN, header("l", 1024, b"1", link="a.txt"), EVIL)


@bad("size")
def size_of_device():
    """a named pipe with a size"""
    return archive(header("p", 1024, b"6"), EVIL)


@bad("duplicate")
def duplicate_alike():
    """a member twice, with the same content"""
    return archive(PLAIN, PLAIN)


@bad("duplicate")
def duplicate_dot():
    """one name with and without './'"""
    return archive(PLAIN, member("./a.txt", b"evil\n"))


@bad("slash")
def name_slash_file():
    """a file with content whose name ends on a slash"""
    return archive(member("a/", b"evil\n"))


@bad("end")
def end_missing():
    """an archive without end blocks"""
    return PLAIN


@bad("cut")
def end_half_block():
    """an archive that ends within a header"""
    return PLAIN + EVIL[:300]


@bad("cut")
def end_in_data():
    """an archive that ends within a file"""
    return member("a.bin", b"x" * 3000)[:2000]


@bad("afterend")
def end_members_after():
    """members behind the end"""
    return archive(PLAIN) + archive(EVIL)


@bad("afterend")
def end_member_after_one():
    """a member behind one block of zeros"""
    return archive(PLAIN, b"\0" * 512, EVIL)


@bad("afterend")
def end_junk():
    """junk behind the end"""
    return archive(PLAIN) + b"junk that is no archive" * 40


@bad("type")
def type_dump():
    """a folder with GNU's list of its files"""
    return archive(header("d", 8, b"D", magic=tars.GNU) + tars.blocks(b"Ya.txt\0\0"), PLAIN)


@bad("dotdot")
def long_name_up():
    """a GNU long name that leaves"""
    return archive(tars.longname("../evil.txt") + header("a.txt", 0, magic=tars.GNU))


@bad("extension")
def long_name_twice():
    """two GNU long names for one member"""
    return archive(tars.longname("a.txt") + tars.longname("evil.txt") + PLAIN)


@bad("extension")
def long_name_dangling():
    """a GNU long name without a member"""
    return archive(PLAIN, tars.longname("evil.txt"))


@bad("cut")
def long_name_size():
    """a GNU long name whose size swallows the next member"""
    return archive(tars.longname("evil.txt", size=4096) + PLAIN)


@bad("nul")
def long_name_nul():
    """a GNU long name with a zero byte, and more behind it"""
    return archive(tars.longname("a.txt\0../../evil.txt") + header("a.txt", 0, magic=tars.GNU))


@bad("number")
def long_name_huge():
    """a GNU long name of four gigabytes"""
    return archive(tars.longname("evil.txt", size=8 ** 11 - 1) + PLAIN)


@bad("dotdot")
def prefix_up():
    """a prefix of ustar that leaves"""
    return archive(header("evil.txt", 0, prefix=b"../.."))


@bad("absolute")
def prefix_root():
    """a prefix of ustar from the root"""
    return archive(header("evil.txt", 0, prefix=b"/tmp"))


@bad("control")
def link_control():
    """an escape sequence in a link's target"""
    return archive(PLAIN, symlink("l", "a\x1b[2K.txt"))


def bombs():
    big = header("a.bin", 8 << 30, size_field=tars.base256(8 << 30))

    def zst():
        return tars.zst(big, run=8 << 30)

    def gz():
        c = zlib.compressobj(9, zlib.DEFLATED, 31)
        head = c.compress(header("a.bin", 3 << 30)) + c.flush(zlib.Z_FULL_FLUSH)
        one = c.compress(b"\0" * (1 << 20)) + c.flush(zlib.Z_FULL_FLUSH)
        return head + one * 3072  # and no end: nobody may get as far

    def bz_():
        return bz2.compress(header("a.bin", 4 << 30)) + bz2.compress(b"\0" * 40000000) * 100

    def xz():
        filters = [{"id": lzma.FILTER_LZMA2, "preset": 0}]
        one = lzma.compress(b"\0" * (32 << 20), filters=filters)
        return lzma.compress(header("a.bin", 4 << 30)) + one * 128

    for suffix, make in (("tar.zst", zst), ("tar.gz", gz), ("tar.bz2", bz_), ("tar.xz", xz)):
        cases.add("bomb", "refuse", "bomb", "gigabytes of zeros", make, suffix=suffix)

    cases.add("bomb-nested", "refuse", "nested", "a compressed stream of a compressed stream of zeros",
              lambda: tars.gz(tars.zst(b"", run=4 << 30)), suffix="tar.gz")


def gzips():
    plain = archive(PLAIN)

    def add(name, reason, what, make):
        cases.add(name, "refuse", reason, what, make, suffix="tar.gz")

    def changed(at, value):
        out = bytearray(gzip.compress(plain, mtime=0))
        out[at] = value
        return bytes(out)

    add("gzip-crc", "cut", "a wrong CRC", lambda: changed(-8, 0x55))
    add("gzip-size", "cut", "a wrong length", lambda: changed(-2, 0x55))
    add("gzip-flags", "cut", "flags that are reserved", lambda: changed(3, 0xe0))
    add("gzip-method", "cut", "a method that there is not", lambda: changed(2, 7))
    add("gzip-hidden", "afterend", "a second stream behind zeros, which gzip does not read",
        lambda: tars.gz(plain) + b"\0" * 512 + tars.gz(archive(EVIL)))
    add("gzip-zip", "junk", "a zip archive behind the stream",
        lambda: tars.gz(plain) + b"PK\5\6" + b"\0" * 18)
    cases.add("zst-skippable", "refuse", "afterend", "a skippable frame, then a second archive",
              lambda: tars.zst(plain) + struct.pack("<II", 0x184d2a50, 4) + b"abcd"
              + tars.zst(archive(EVIL)), suffix="tar.zst")


bombs()
gzips()
tables()
