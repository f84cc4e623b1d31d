"""Zip archives that must be refused."""
import struct
import zlib

import names
import zips
from case import Cases
from zips import Member, archive

cases = Cases("zip")
bad = cases.bad
PLAIN = Member("a.txt")
EVIL = Member("evil.txt", b"evil\n")


def tables():
    for name, path, reason, what in names.HOSTILE:
        cases.add("name-" + name, "refuse", reason, what,
                  lambda path=path: archive([PLAIN, Member(path, b"evil\n")]))
    for name, path, what in names.HOSTILE_BYTES:
        cases.add("bytes-" + name, "refuse", "encoding", what + ", said to be UTF-8",
                  lambda path=path: archive([Member(path, flags=zips.UTF8)]))
    for name, paths, reason, what in names.COLLIDING:
        cases.add("two-" + name, "refuse", reason, what,
                  lambda paths=paths: archive([Member(p, b"%d\n" % i) for i, p in enumerate(paths)]))
    for name, mode, reason, what in MODES:
        cases.add("mode-" + name, "refuse", reason, what,
                  lambda mode=mode: archive([Member("a.txt", mode=mode)]))
    for name, method, what in METHODS:
        cases.add("method-" + name, "refuse", "method", what,
                  lambda method=method: archive([Member("a.txt", body=b"hello\n", method=method)]))


MODES = [
    ("character-device", 0o020666, "type", "a character device by its attributes"),
    ("block-device", 0o060660, "type", "a block device by its attributes"),
    ("fifo", 0o010644, "type", "a named pipe by its attributes"),
    ("socket", 0o140755, "type", "a socket by its attributes"),
    ("setuid", 0o104755, "setuid", "a file with the set-user bit"),
    ("setgid", 0o102755, "setuid", "a file with the set-group bit"),
    ("folder", 0o040755, "type", "a file's name with a folder's type"),
]
METHODS = [
    ("shrink", 1, "a method of 1989"),
    ("implode", 6, "another method of 1989"),
    ("ppmd", 98, "PPMd"),
    ("wavpack", 97, "a method for sound"),
    ("unknown", 255, "a method that nobody knows"),
]


@bad("encoding")
def name_not_flagged():
    """a name of UTF-8 that is not said to be: readers take it for code page 437"""
    return archive([Member("caf\u00e9.txt".encode(), flags=0)])


@bad("encoding")
def name_not_flagged_mixed():
    """names of UTF-8 that are said to be in one member alone: two files, or one name twice"""
    return archive([Member("\u251c\u2310.txt"), Member("\u00e9.txt".encode(), flags=0, mode=0o100644)])


@bad("encoding")
def name_not_flagged_latin1():
    """a name in Latin-1, made on Unix"""
    return archive([Member(b"caf\xe9.txt", mode=0o100644)])


@bad("unicodepath")
def name_not_flagged_other_path():
    """a name of UTF-8 that is not said to be, and a Unicode path field with another"""
    name = "caf\u00e9.txt".encode()
    field = zips.unicode_path("caf\u00e8.txt".encode(), name)
    return archive([Member(name, mode=0o100644, extra=field)])


@bad("nul")
def name_nul():
    """a zero byte in a name, where zipfile cuts it"""
    return archive([Member(b"a.txt\0.png")])


@bad("nul")
def name_nul_up():
    """a zero byte that hides a way out"""
    return archive([Member(b"a\0/../../evil.txt")])


@bad("empty")
def name_empty():
    """a member without a name"""
    return archive([PLAIN, Member("")])


@bad("empty")
def name_dot():
    """a member that is the folder itself"""
    return archive([PLAIN, Member(".")])


@bad("duplicate")
def duplicate_alike():
    """a name twice, with the same content"""
    return archive([PLAIN, PLAIN])


@bad("duplicate")
def duplicate_third():
    """a name again, behind a hundred others"""
    return archive([Member("a.txt")] + [Member("m%d.txt" % i) for i in range(100)] + [Member("a.txt", b"x")])


@bad("duplicate")
def duplicate_folder_slash():
    """a folder and an empty file of its name"""
    return archive([zips.folder("a/"), Member("a", b"")])


@bad("duplicate")
def duplicate_backslash():
    """a name with a slash, and one with a backslash"""
    return archive([Member("a/b.txt"), Member("a\\b.txt", b"x")])


@bad("differ")
def differ_name():
    """a name in the directory, another in the local header"""
    return archive([Member("good.txt", local={"name": b"evil.txt"})])


@bad("differ")
def differ_name_up():
    """a local header whose name leaves the folder"""
    return archive([Member("good.txt", local={"name": b"../evil.txt"})])


@bad("differ")
def differ_name_case():
    """names that differ in case between the headers"""
    return archive([Member("a.txt", local={"name": b"A.txt"})])


@bad("differ")
def differ_size():
    """another size in the local header"""
    return archive([Member("a.txt", local={"usize": 7})])


@bad("differ")
def differ_packed_size():
    """another packed size in the local header"""
    return archive([Member("a.txt", local={"csize": 3})])


@bad("differ")
def differ_crc():
    """another CRC in the local header"""
    return archive([Member("a.txt", local={"crc": 1})])


@bad("differ")
def differ_method():
    """stored by the local header, deflated by the directory"""
    return archive([Member("a.txt", local={"method": 0})])


@bad("differ")
def differ_flags():
    """encrypted by the directory alone"""
    return archive([Member("a.txt", central={"flags": zips.ENCRYPTED})])


@bad("differ")
def differ_flags_local():
    """encrypted by the local header alone"""
    return archive([Member("a.txt", local={"flags": zips.ENCRYPTED})])


@bad("differ")
def differ_utf8():
    """a name that is UTF-8 by one header and code page 437 by the other"""
    return archive([Member("\u00e9.txt", local={"flags": 0})])


@bad("unicodepath")
def unicode_path():
    """a Unicode path field with another name, in both headers"""
    return archive([Member("good.txt", extra=zips.unicode_path(b"evil.txt", b"good.txt"))])


@bad("unicodepath")
def unicode_path_central():
    """a Unicode path field with another name, in the directory alone"""
    return archive([Member("good.txt", central={"extra": zips.unicode_path(b"evil.txt", b"good.txt")})])


@bad("unicodepath")
def unicode_path_up():
    """a Unicode path field that leaves the folder"""
    return archive([Member("good.txt", extra=zips.unicode_path(b"../evil.txt", b"good.txt"))])


@bad("unicodepath")
def unicode_path_collision():
    """a Unicode path field that gives a member the name of another"""
    return archive([Member("good.txt", extra=zips.unicode_path(b"evil.txt", b"good.txt")), EVIL])


def link(name, target):
    return Member(name, target.encode(), 0, mode=zips.SYMLINK | 0o777)


@bad("symlink")
def link_inside():
    """a symbolic link that stays within: some readers write it as text"""
    return archive([PLAIN, link("b.txt", "a.txt")])


@bad("symlink")
def link_outside():
    """a symbolic link that leaves"""
    return archive([link("b", "../../outside")])


@bad("symlink")
def link_absolute():
    """a symbolic link to the root"""
    return archive([link("b", "/etc")])


@bad("symlink")
def link_through():
    """a member that is written through a link of the archive"""
    return archive([link("b", ".."), Member("b/evil.txt", b"evil\n")])


@bad("symlink")
def link_through_absolute():
    """a member that is written through a link to elsewhere"""
    return archive([link("b", "/tmp"), Member("b/pratique-evil.txt", b"evil\n")])


@bad("symlink")
def link_chain():
    """links that lead out together"""
    return archive([link("a", "."), link("a/b", ".."), Member("a/b/evil.txt", b"evil\n")])


@bad("symlink")
def link_replaced():
    """a link and a file of one name, so that the file is written where the link points"""
    return archive([link("a", "../outside"), Member("a", b"evil\n")])


@bad("symlink")
def link_deflated():
    """a symbolic link whose target is compressed"""
    return archive([Member("b", b"../" * 40 + b"outside", 8, mode=zips.SYMLINK | 0o777)])


@bad("symlink")
def link_macos():
    """a symbolic link by a header made on macOS"""
    return archive([Member("b", b"../x", 0, mode=zips.SYMLINK | 0o777, made=19 << 8 | 20)])


@bad("content")
def folder_with_content():
    """a folder that has content"""
    return archive([Member("a/", b"evil\n")])


@bad("directories")
def ends_two():
    """two archives one behind the other: readers take the first or the last"""
    return archive([PLAIN]) + archive([EVIL])


@bad("directories")
def ends_two_counted():
    """two archives in one file, each with true offsets"""
    first = archive([PLAIN])
    return archive([EVIL], prefix=first)


@bad("comment")
def end_in_comment():
    """a second end record within the comment"""
    return archive([PLAIN], comment=zips.end_record(0, 0, 0))


@bad("comment")
def archive_in_comment():
    """a whole archive within the comment"""
    return archive([PLAIN], comment=archive([EVIL]))


@bad("end")
def end_count_less():
    """an end record that counts fewer members than there are"""
    return archive([PLAIN, EVIL], count=1)


@bad("end")
def end_count_more():
    """an end record that counts more members than there are"""
    return archive([PLAIN], count=2)


@bad("end")
def end_count_differs():
    """an end record whose two counts differ"""
    return archive([PLAIN, EVIL], here=1)


@bad("end")
def end_offset_low():
    """an end record whose directory starts before it does"""
    return archive([PLAIN], shift=-4)


@bad("end")
def end_offset_high():
    """an end record whose directory starts in its middle"""
    return archive([PLAIN, EVIL], shift=4)


@bad("end")
def end_offset_huge():
    """a directory beyond the end of the file"""
    return archive([PLAIN], shift=0x7fffffff)


@bad("end")
def end_size_less():
    """an end record whose directory ends before its last member"""
    return archive([PLAIN, EVIL], size_shift=-20)


@bad("end")
def end_size_more():
    """a directory that is longer than the room for it"""
    return archive([PLAIN], size_shift=20)


@bad("end")
def end_comment_short():
    """a comment that goes on behind its length"""
    return archive([PLAIN], comment=b"a comment", comment_len=4)


@bad("end")
def end_comment_long():
    """a comment that is cut off"""
    return archive([PLAIN], comment=b"a comment", comment_len=90)


@bad("end")
def end_missing():
    """an archive without its end record"""
    return archive([PLAIN])[:-22]


@bad("end")
def end_trailing():
    """bytes behind the archive"""
    return archive([PLAIN], after=b"more bytes than there should be")


@bad("end")
def end_gap():
    """bytes between the directory and the end record"""
    return archive([PLAIN], after_central=b"between them")


@bad("split")
def split_disk():
    """the second disk of a split archive"""
    return archive([PLAIN], disk=1)


@bad("split")
def split_directory():
    """a directory that starts on another disk"""
    return archive([PLAIN], disk=1, cd_disk=1)


@bad("split")
def split_member():
    """a member that starts on another disk"""
    return archive([Member("a.txt", disk=2)])


@bad("prefix")
def prefix_junk():
    """bytes before the archive that offsets do not count"""
    return archive([PLAIN], prefix=b"some bytes that are no program", counted=False)


@bad("prefix")
def prefix_counted():
    """bytes before the archive that offsets count"""
    return archive([PLAIN], prefix=b"some bytes that are no program")


@bad("prefix")
def prefix_local():
    """a member before the archive, which its directory does not list"""
    return archive([PLAIN], prefix=EVIL.local_bytes() + EVIL.body)


@bad("hidden")
def hidden_between():
    """a member between two others, which the directory does not list"""
    return archive([PLAIN, Member("evil.txt", b"evil\n", in_central=False), Member("b.txt")])


@bad("hidden")
def hidden_last():
    """a member before the directory, which it does not list"""
    return archive([PLAIN, Member("evil.txt", b"evil\n", in_central=False)])


@bad("hidden")
def hidden_same_name():
    """a member under the name of another, which the directory does not list"""
    return archive([Member("a.txt", b"evil\n", in_central=False), PLAIN])


@bad("hidden")
def hidden_bytes():
    """bytes between two members"""
    return archive([PLAIN, Member("b.txt", gap=b"these are between them")])


@bad("hidden")
def hidden_before_directory():
    """bytes between the last member and the directory"""
    return archive([PLAIN], before_central=b"these are before it")


@bad("overlap")
def overlap_same():
    """two names for the same bytes"""
    return archive([PLAIN, Member("b.txt", central={"offset": 0, "name": b"b.txt"}, in_local=False)])


@bad("overlap")
def overlap_bomb():
    """Fifield's bomb: 200 members that share one body"""
    return zips.overlapping(["f%d.txt" % i for i in range(200)], b"\0" * 1000000)


@bad("overlap")
def overlap_nested():
    """a member within the stored body of another"""
    inner = Member("b.txt", b"evil\n", 0)
    outer = Member("a.txt", inner.local_bytes() + inner.body, 0)
    inner.in_local = False
    inner.central["offset"] = len(outer.local_bytes())
    return archive([outer, inner])


@bad("overlap")
def overlap_directory():
    """a member whose body runs into the directory"""
    return archive([Member("a.txt", b"hello\n", 0, csize=30, usize=30)])


@bad("local")
def local_missing():
    """a member listed where there is nothing of the kind"""
    return archive([PLAIN, Member("b.txt", central={"offset": 3})])


@bad("local")
def local_beyond():
    """a member listed beyond the end of the file"""
    return archive([Member("a.txt", central={"offset": 0x7fffffff})])


@bad("local")
def local_signature():
    """a local header with a signature that is none"""
    return archive([Member("a.txt", local={"signature": 0x04034b51})])


@bad("end")
def central_signature():
    """an entry of the directory with a signature that is none"""
    return archive([PLAIN, Member("b.txt", central={"signature": 0x02014b51})])


@bad("zip64")
def zip64_size_differs():
    """a zip64 field that disagrees with the true sizes beside it"""
    return archive([Member("a.txt", b"hello\n", 0, extra=zips.zip64(5, 5))])


@bad("zip64")
def zip64_too_short():
    """a zip64 field without the size it is needed for"""
    return archive([Member("a.txt", b"hello\n", 0, central={"usize": 0xffffffff, "extra": zips.zip64()})])


@bad("zip64")
def zip64_missing():
    """sizes that refer to a zip64 field that is not there"""
    return archive([Member("a.txt", b"hello\n", 0, central={"usize": 0xffffffff})])


@bad("zip64")
def zip64_twice():
    """two zip64 fields that disagree"""
    return archive([Member("a.txt", b"hello\n", 0, usize=0xffffffff, csize=0xffffffff,
                           extra=zips.zip64(6, 6) + zips.zip64(5, 5))])


@bad("zip64")
def zip64_local_differs():
    """zip64 sizes that differ between the headers"""
    return archive([Member("a.txt", b"hello\n", 0, usize=0xffffffff, csize=0xffffffff,
                           central={"extra": zips.zip64(6, 6)}, local={"extra": zips.zip64(4, 4)})])


@bad("zip64")
def zip64_huge():
    """a zip64 size near the greatest number"""
    return archive([Member("a.txt", b"hello\n", 0, usize=0xffffffff, csize=0xffffffff,
                           extra=zips.zip64(2**64 - 1, 2**64 - 1))])


@bad("zip64")
def zip64_end_differs():
    """a zip64 end record that counts other members"""
    return archive([PLAIN, EVIL], end64=lambda n, size, at, here:
                   zips.end64_record(1, size, at) + zips.locator(here))


@bad("zip64")
def zip64_end_elsewhere():
    """a zip64 end record for another directory"""
    other = EVIL.central_bytes(0)
    return archive([PLAIN], prefix=other, end64=lambda n, size, at, here:
                   zips.end64_record(1, len(other), 0) + zips.locator(here))


@bad("zip64")
def zip64_locator_alone():
    """a zip64 locator that points at no record"""
    return archive([PLAIN], end64=lambda n, size, at, here: zips.locator(3))


@bad("zip64")
def zip64_locator_two():
    """a zip64 locator for the first of two records"""
    return archive([PLAIN, EVIL], end64=lambda n, size, at, here: zips.end64_record(1, size, at)
                   + zips.end64_record(n, size, at) + zips.locator(here))


@bad("encrypted")
def encrypted():
    """a member that is encrypted"""
    return archive([Member("a.txt", body=b"\x8a" * 18, flags=zips.ENCRYPTED)])


@bad("encrypted")
def encrypted_plain():
    """a member that is said to be encrypted and is not"""
    return archive([Member("a.txt", flags=zips.ENCRYPTED)])


@bad("encrypted")
def encrypted_strong():
    """a member with strong encryption"""
    return archive([Member("a.txt", body=b"\x8a" * 18, flags=0x41)])


@bad("encrypted")
def encrypted_aes():
    """a member encrypted with AES, as WinZip does"""
    aes = zips.extra(0x9901, struct.pack("<H2sBH", 2, b"AE", 3, 8))
    return archive([Member("a.txt", body=b"\x8a" * 40, method=99, flags=1, extra=aes)])


@bad("encrypted")
def encrypted_masked():
    """local headers that are masked"""
    return archive([Member("a.txt", flags=0x2041)])


@bad("crc")
def crc_stored():
    """a stored member with a wrong CRC"""
    return archive([Member("a.txt", b"hello\n", 0, crc=1)])


@bad("crc")
def crc_deflated():
    """a deflated member with a wrong CRC"""
    return archive([Member("a.txt", crc=1)])


@bad("crc")
def crc_last():
    """a wrong CRC in the last of many members: what came before must not stay"""
    return archive([Member("m%d.txt" % i) for i in range(300)] + [Member("z.txt", crc=1)])


@bad("crc")
def crc_zero():
    """a CRC of zero where the content has another"""
    return archive([Member("a.txt", crc=0)])


@bad("stream")
def stream_cut():
    """a deflated stream that ends too early"""
    body = zips.deflated(bytes(range(256)) * 8)
    return archive([Member("a.bin", bytes(range(256)) * 8, body=body[:-20])])


@bad("stream")
def stream_junk():
    """bytes behind the end of a deflated stream"""
    return archive([Member("a.txt", body=zips.deflated(b"hello\n") + b"more")])


@bad("stream")
def stream_second():
    """a second deflated stream behind the first"""
    return archive([Member("a.txt", body=zips.deflated(b"hello\n") + zips.deflated(b"evil\n"))])


@bad("stream")
def stream_block_type():
    """a deflate block of a type that there is not"""
    return archive([Member("a.txt", body=b"\7" + b"\0" * 10)])


@bad("stream")
def stream_distance():
    """a deflate match before the start of the content"""
    return archive([Member("a.txt", b"aaaaaa", body=bytes.fromhex("4b04020200"))])


@bad("stream")
def stream_zlib():
    """a zlib stream where deflate is said"""
    return archive([Member("a.txt", body=zlib.compress(b"hello\n"))])


@bad("size")
def size_more():
    """more bytes declared than there are"""
    return archive([Member("a.txt", usize=60)])


@bad("size")
def size_less():
    """fewer bytes declared than there are"""
    return archive([Member("a.txt", b"hello, evil\n", usize=6, crc=zlib.crc32(b"hello\n"))])


@bad("size")
def size_stored():
    """a stored member with two sizes"""
    return archive([Member("a.txt", b"hello\n", 0, usize=5)])


@bad("size")
def size_zero():
    """content where none is declared"""
    return archive([Member("a.txt", usize=0, crc=0)])


@bad("size")
def size_huge():
    """four gigabytes declared for six bytes"""
    return archive([Member("a.txt", usize=0xfffffffe)])


def zeros(gigabytes):
    """Deflate blocks of zeros: one megabyte, again and again."""
    c = zlib.compressobj(9, zlib.DEFLATED, -15)
    c.compress(b"\0" * 65536)
    c.flush(zlib.Z_FULL_FLUSH)
    one = c.compress(b"\0" * (1 << 20)) + c.flush(zlib.Z_FULL_FLUSH)
    return one * (gigabytes << 10) + zlib.compressobj(9, zlib.DEFLATED, -15).flush()


def crc_of_zeros(n):
    crc, piece = 0, b"\0" * (1 << 24)
    while n:
        crc, n = zlib.crc32(piece, crc), n - len(piece)
    return crc


@bad("bomb")
def bomb_ratio():
    """three gigabytes of zeros in three megabytes"""
    return archive([Member("a.bin", b"", body=zeros(3), usize=3 << 30, crc=crc_of_zeros(3 << 30))])


@bad("bomb")
def bomb_many():
    """sixty members of 256 MB of zeros each"""
    body = zeros(1)[:-2]
    quarter = body[:len(body) // 4] + b"\3\0"
    crc = crc_of_zeros(1 << 28)
    return archive([Member("m%d.bin" % i, b"", body=quarter, usize=1 << 28, crc=crc) for i in range(60)])


@bad("bomb")
def bomb_lies():
    """three gigabytes of zeros that are said to be six bytes"""
    return archive([Member("a.bin", b"", body=zeros(3), usize=6)])


@bad("nested")
def bomb_nested():
    """archives within archives, thirty deep"""
    inner = archive([Member("zeros.bin", b"\0" * 1000000)])
    for _ in range(30):
        inner = archive([Member("inner.zip", inner)])
    return inner


@bad("descriptor")
def descriptor_crc():
    """a data descriptor with another CRC"""
    return archive([Member("a.txt", descriptor=b"PK\7\10" + struct.pack("<III", 1, 8, 6))])


@bad("descriptor")
def descriptor_size():
    """a data descriptor with another size"""
    crc = zlib.crc32(b"hello\n")
    return archive([Member("a.txt", descriptor=b"PK\7\10" + struct.pack("<III", crc, 8, 7))])


@bad("descriptor")
def descriptor_missing():
    """a data descriptor that is not there"""
    return archive([Member("a.txt", flags=zips.DESCRIPTOR, local={"crc": 0, "csize": 0, "usize": 0}),
                    Member("b.txt")])


@bad("descriptor")
def descriptor_flag_differs():
    """a data descriptor by one header alone"""
    return archive([Member("a.txt", descriptor="sign", central={"flags": 0})])


@bad("descriptor")
def descriptor_early():
    """a stored member that holds a descriptor and a header: a stream ends it there"""
    evil = Member("evil.txt", b"evil\n", 0)
    data = b"x" + b"PK\7\10" + struct.pack("<III", zlib.crc32(b"x"), 1, 1) + evil.local_bytes() + evil.body
    return archive([Member("a.bin", data, 0, descriptor="sign")])


@bad("cut")
def cut_in_member():
    """an archive that ends within a member"""
    return archive([Member("a.bin", bytes(range(256)) * 40, 0)])[:500]


@bad("cut")
def cut_in_directory():
    """an archive that ends within its directory"""
    return archive([PLAIN, EVIL])[:-50]


@bad("cut")
def cut_in_end():
    """an archive that ends within its end record"""
    return archive([PLAIN])[:-4]


@bad("cut")
def cut_start():
    """an archive whose start is lost"""
    return archive([Member("a.bin", bytes(range(256)) * 40, 0), Member("b.txt")])[300:]


@bad("extra")
def extra_overruns():
    """an extra field that is longer than the room for it"""
    return archive([Member("a.txt", extra=struct.pack("<HH", 0x7075, 900) + b"\1abcd")])


@bad("cut")
def name_overruns():
    """a name that runs past the directory"""
    data = bytearray(archive([PLAIN]))
    at = data.index(b"PK\1\2")
    data[at + 28:at + 30] = struct.pack("<H", 60000)
    return bytes(data)


tables()
