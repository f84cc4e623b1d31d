"""Zip archives that must be refused: one field of a record or one extra field that lies."""
import lzma
import bz2
import struct
import zlib

import zips
from case import Cases
from zips import Member, archive, extra

cases = Cases("zip")
DATA = b"hello\n"
CRC = zlib.crc32(DATA)
BODY = zips.deflated(DATA)
ONES = 0xffffffff


def one(*args, **kw):
    """An archive of one member, a.txt."""
    return archive([Member("a.txt", *args, **kw)])


def streamed(descriptor, method=8, **local):
    """A member with a descriptor, and what else its local header says."""
    return one(DATA, method, descriptor=descriptor, local=local)


def wide(crc=CRC, csize=len(BODY), usize=len(DATA), sign=b"PK\7\10"):
    return sign + struct.pack("<IQQ", crc, csize, usize)


def end64(n, size, at, made=45, needed=45, length=44, disk=0, cd_disk=0, here=None):
    return struct.pack("<IQHHIIQQQQ", 0x06064b50, length, made, needed, disk, cd_disk,
                       n if here is None else here, n, size, at)


def ended(locate=lambda here: zips.locator(here), between=b"", **lies):
    """An archive with a zip64 end record that lies."""
    return archive([Member("a.txt")], end64=lambda n, size, at, here:
                   end64(n, size, at, **lies) + between + locate(here))


def locator_disk(disk, disks=1):
    return lambda here: struct.pack("<IIQI", 0x07064b50, disk, here, disks)


def path_field(name, of=b"a.txt", version=1, crc=None):
    return extra(0x7075, bytes([version]) + struct.pack("<I", zlib.crc32(of) if crc is None else crc)
                 + name)


def mode(value, name="a.txt", data=DATA, **kw):
    return archive([Member(name, data, 8 if data else 0, external=value, **kw)])


ASI = extra(0x756e, struct.pack("<IHIHH", 0, 0o120777, 4, 0, 0) + b"../x")
LINK = zips.SYMLINK << 16

# (case, reason, what it is, how it is made)
FIELDS = [
    ("end64-length-short", "zip64", "a zip64 end record whose length is 40", lambda: ended(length=40)),
    ("end64-length-none", "zip64", "a zip64 end record whose length is 0", lambda: ended(length=0)),
    ("end64-length-huge", "zip64", "a zip64 end record longer than the file",
     lambda: ended(length=1 << 40)),
    ("end64-length-over-locator", "zip64", "a zip64 end record whose length reaches over its locator",
     lambda: ended(length=64)),
    ("end64-extensible", "zip64", "a zip64 end record with data of its own",
     lambda: ended(length=60, between=b"x" * 16)),
    ("end64-gap", "zip64", "bytes between the zip64 end record and its locator",
     lambda: ended(between=b"y" * 16)),
    ("end64-disk", "split", "a zip64 end record of the second disk", lambda: ended(disk=1)),
    ("end64-directory-disk", "split", "a zip64 end record whose directory is on another disk",
     lambda: ended(cd_disk=3)),
    ("end64-here", "end", "a zip64 end record whose two counts differ", lambda: ended(here=0)),
    ("end64-version", "zip64", "a zip64 end record of a version that nobody knows",
     lambda: ended(needed=90)),
    ("locator-disk", "split", "a zip64 locator for a record on another disk",
     lambda: ended(locator_disk(1))),
    ("locator-disks", "split", "a zip64 locator that counts seven disks",
     lambda: ended(locator_disk(0, 7))),
    ("locator-past", "zip64", "a zip64 locator that points past the end",
     lambda: ended(lambda here: zips.locator(1 << 50))),
    ("locator-start", "zip64", "a zip64 locator that points at the first member",
     lambda: ended(lambda here: zips.locator(0))),
    ("locator-twice", "zip64", "two zip64 locators",
     lambda: ended(lambda here: zips.locator(here) * 2)),
    ("zip64-unasked-central", "zip64", "a zip64 field of other sizes beside true ones, in the directory",
     lambda: one(central={"extra": zips.zip64(7, 9)})),
    ("zip64-unasked-local", "zip64", "a zip64 field of other sizes beside true ones, in the local header",
     lambda: one(local={"extra": zips.zip64(7, 9)})),
    ("zip64-unasked-streamed", "zip64",
     "a zip64 field of other sizes beside the zeros of a streamed member",
     lambda: streamed(wide(), extra=zips.zip64(7, 9))),
    ("zip64-streamed-ones", "zip64", "sizes of a streamed member that only its zip64 field has, and wrong",
     lambda: streamed(wide(), extra=zips.zip64(7, 9), csize=ONES, usize=ONES)),
    ("zip64-offset-differs", "zip64", "a zip64 offset beside a true one that differs",
     lambda: one(central={"extra": zips.zip64(len(DATA), len(BODY), 40)})),
    ("zip64-disk", "zip64", "a zip64 field with another disk",
     lambda: one(central={"extra": extra(1, struct.pack("<QQQI", len(DATA), len(BODY), 0, 3))})),
    ("zip64-odd", "zip64", "a zip64 field of eleven bytes",
     lambda: one(central={"extra": extra(1, struct.pack("<Q", len(DATA)) + b"abc")})),
    ("zip64-odd-local", "zip64", "a zip64 field of eleven bytes in the local header",
     lambda: one(local={"extra": extra(1, struct.pack("<Q", len(DATA)) + b"abc")})),
    ("zip64-long", "zip64", "a zip64 field with more behind its values",
     lambda: one(central={"extra": extra(1, struct.pack("<QQQ", len(DATA), len(BODY), 0) + b"m" * 40)})),
    ("zip64-long-local", "zip64", "a zip64 field with more behind its values, in the local header",
     lambda: one(local={"extra": extra(1, struct.pack("<QQ", len(DATA), len(BODY)) + b"m" * 40)})),
    ("zip64-twice-alike", "zip64", "two zip64 fields that agree",
     lambda: one(extra=zips.zip64(len(DATA), len(BODY)) * 2)),
    ("zip64-cut", "extra", "a zip64 field that is cut off",
     lambda: one(extra=zips.zip64(len(DATA), len(BODY))[:-3])),
    ("path-field-version", "unicodepath", "a Unicode path field of a version that nobody knows",
     lambda: one(extra=path_field(b"b.txt", version=2))),
    ("path-field-crc", "unicodepath", "a Unicode path field for another name",
     lambda: one(extra=path_field(b"b.txt", crc=1))),
    ("path-field-local", "unicodepath", "a Unicode path field with another name, in the local header",
     lambda: one(local={"extra": path_field(b"b.txt")})),
    ("path-field-empty", "unicodepath", "a Unicode path field with no name",
     lambda: one(extra=path_field(b""))),
    ("path-field-cut", "unicodepath", "a Unicode path field of three bytes",
     lambda: one(extra=extra(0x7075, b"\1\2\3"))),
    ("path-field-nul", "unicodepath", "a Unicode path field with a zero byte behind the name",
     lambda: one(extra=path_field(b"a.txt\0"))),
    ("path-field-twice", "unicodepath", "two Unicode path fields, the first true",
     lambda: one(extra=path_field(b"a.txt") + path_field(b"b.txt"))),
    ("path-field-crc-alone", "unicodepath", "a Unicode path field with the name and another's checksum",
     lambda: one(extra=path_field(b"a.txt", crc=7))),
    ("extra-tail", "extra", "three bytes behind the extra fields",
     lambda: one(extra=extra(0xcafe, b"") + b"abc")),
    ("extra-overruns-local", "extra", "an extra field of the local header that is too long for it",
     lambda: one(local={"extra": struct.pack("<HH", 0x5455, 90) + b"abc"})),
    ("extra-asi-link", "extra", "a link by an old Unix field, in the directory alone",
     lambda: one(b"", 0, central={"extra": ASI})),
    ("extra-asi-link-local", "extra", "a link by an old Unix field, in the local header alone",
     lambda: one(b"", 0, local={"extra": ASI})),
    ("extra-aes-unencrypted", "extra", "a field of AES on a member that is not encrypted",
     lambda: one(extra=extra(0x9901, struct.pack("<H2sBH", 2, b"AE", 3, 8)))),
    ("extra-strong-header", "encrypted", "a field of strong encryption on a plain member",
     lambda: one(extra=extra(0x0017, b"\2\0" + b"\1" * 10))),
    ("flags-patch", "method", "a patch, by its flags", lambda: one(flags=0x20)),
    ("flags-masked", "method", "masked headers alone, by its flags", lambda: one(flags=0x2000)),
    ("flags-strong-alone", "method", "strong encryption alone, by its flags", lambda: one(flags=0x40)),
    ("flags-reserved", "method", "flags that nobody knows", lambda: one(flags=0xc000)),
    ("flags-unused", "method", "flags that are not in use", lambda: one(flags=0x0780)),
    ("flags-local-alone", "differ", "flags that the local header alone has",
     lambda: one(local={"flags": 0x20})),
    ("version-central", "method", "a version that nobody knows, in the directory alone",
     lambda: one(central={"version": 99})),
    ("version-local", "method", "a version that nobody knows, in the local header alone",
     lambda: one(local={"version": 200})),
    ("differ-name-slash", "differ", "a local header that names a folder",
     lambda: archive([Member("a", b"", 0, local={"name": b"a/"})])),
    ("differ-name-longer", "differ", "a local header whose name is longer",
     lambda: one(local={"name": b"a.txt.py"})),
    ("differ-name-empty", "differ", "a local header without a name", lambda: one(local={"name": b""})),
    ("differ-size-zero", "differ", "sizes in the directory alone, without a descriptor",
     lambda: one(local={"csize": 0, "usize": 0, "crc": 0})),
    ("differ-crc-zero", "differ", "a CRC in the directory alone", lambda: one(local={"crc": 0})),
    ("differ-central-zero", "differ", "sizes in the local header alone",
     lambda: one(central={"csize": 0, "usize": 0, "crc": 0})),
    ("differ-swapped", "differ", "sizes that the two headers have the other way round",
     lambda: one(local={"csize": len(DATA), "usize": len(BODY)})),
    ("differ-streamed-size", "differ", "a streamed member whose local header has a size of its own",
     lambda: streamed("sign", usize=9)),
    ("differ-streamed-crc", "differ", "a streamed member whose local header has a CRC of its own",
     lambda: streamed("sign", crc=9)),
    ("descriptor-wide-narrow", "descriptor", "a descriptor of 64 bits where 32 are due",
     lambda: streamed(wide())),
    ("descriptor-wide-unsigned", "descriptor", "a descriptor of 64 bits without a mark where 32 are due",
     lambda: streamed(wide(sign=b""))),
    ("descriptor-narrow-wide", "descriptor", "a descriptor of 32 bits where 64 are due",
     lambda: streamed("sign", extra=zips.zip64(0, 0), csize=ONES, usize=ONES)),
    ("descriptor-swapped", "descriptor", "a descriptor with its sizes the other way round",
     lambda: streamed(b"PK\7\10" + struct.pack("<III", CRC, len(DATA), len(BODY)))),
    ("descriptor-twice", "descriptor", "two descriptors behind one member",
     lambda: streamed((b"PK\7\10" + struct.pack("<III", CRC, len(BODY), len(DATA))) * 2)),
    ("descriptor-cut", "descriptor", "a descriptor without its last size",
     lambda: streamed(b"PK\7\10" + struct.pack("<II", CRC, len(BODY)))),
    ("descriptor-unflagged", "descriptor", "a descriptor that no flag announces",
     lambda: archive([Member("a.txt"),
                      Member("b.txt", gap=b"PK\7\10" + struct.pack("<III", CRC, len(BODY), len(DATA)))])),
    ("descriptor-of-folder", "descriptor", "a folder whose descriptor tells of content",
     lambda: archive([Member("a/", b"", 0, mode=0o040755, descriptor=b"PK\7\10"
                             + struct.pack("<III", CRC, 6, 6))])),
    ("descriptor-stored-header", "descriptor", "a stored member of unknown size that holds a descriptor",
     lambda: one(b"xyz" + b"PK\7\10" + struct.pack("<III", zlib.crc32(b"xyz"), 3, 3) + b"more", 0,
                 descriptor="sign")),
    ("descriptor-stored-unsigned", "descriptor",
     "a stored member of unknown size that holds a descriptor without a mark, and a header behind it",
     lambda: one(b"xyz" + struct.pack("<III", zlib.crc32(b"xyz"), 3, 3)
                 + Member("evil.txt", b"evil\n", 0).local_bytes() + b"evil\n", 0, descriptor="plain")),
    ("mode-link-dos", "symlink", "a link's mode, said to be from DOS", lambda: mode(LINK, made=20)),
    ("mode-link-absolute", "symlink", "a link to the root, deflated",
     lambda: mode(LINK | 0o777 << 16, data=b"/etc/passwd", made=3 << 8 | 20)),
    ("mode-link-folder", "symlink", "a link whose name ends on a slash",
     lambda: mode(LINK | 0o777 << 16, "a/", b"", made=3 << 8 | 20)),
    ("mode-folder-regular", "slash", "a name with a slash at its end, and the mode of a file",
     lambda: mode(0o100644 << 16, "a/", b"", made=3 << 8 | 20)),
    ("mode-dos-folder", "type", "a file's name with the folder's bit of DOS", lambda: mode(0x10)),
    ("mode-device-folder", "type", "a folder's name with the mode of a device",
     lambda: mode(0o020666 << 16, "a/", b"", made=3 << 8 | 20)),
    ("mode-type-unknown", "type", "a type of file that there is not", lambda: mode(0o170644 << 16)),
    ("folder-stored-content", "content", "a folder with stored content",
     lambda: archive([Member("a/", b"evil\n", 0)])),
    ("folder-crc", "content", "an empty folder with a checksum",
     lambda: archive([Member("a/", b"", 0, crc=5)])),
    ("folder-packed-more", "content", "a folder whose empty stream has more behind it",
     lambda: archive([Member("a/", b"", body=b"\3\0evil")])),
    ("name-slash", "absolute", "a member that is the root", lambda: archive([Member("/", b"", 0)])),
    ("name-two-dots-slash", "dotdot", "a folder that is the one above",
     lambda: archive([zips.folder("../")])),
    ("name-dot-slash-file", "slash", "a file below itself",
     lambda: archive([Member("./", b"evil\n")])),
    ("name-blank", "trailing", "a blank as a name", lambda: archive([Member(" ", DATA)])),
    ("name-zero", "nul", "a zero byte as a name", lambda: archive([Member(b"\0", DATA)])),
    ("name-nul-slash", "nul", "a file that a zero byte makes a folder",
     lambda: archive([Member(b"a/\0b.txt", DATA)])),
    ("stream-empty-body", "stream", "deflate of no bytes at all",
     lambda: one(b"", body=b"")),
    ("stream-short-declared", "size", "a stream longer than is declared",
     lambda: one(b"hell", body=BODY, crc=zlib.crc32(b"hell"))),
    ("stream-packed-short", "stream", "a packed size that ends within the stream",
     lambda: one(body=BODY[:-1])),
    ("stream-zeros-behind", "stream", "zeros behind a stream, within its packed size",
     lambda: one(body=BODY + b"\0\0\0\0")),
    ("stream-empty-junk", "stream", "an empty file whose stream has more behind it",
     lambda: one(b"", body=b"\3\0\0")),
    ("stream-unended", "stream", "a stream whose last block is not marked as the last",
     lambda: one(body=b"\0" + struct.pack("<HH", 6, 0xfff9) + DATA)),
    ("stream-length", "stream", "a stored block whose length is contradicted",
     lambda: one(body=b"\1" + struct.pack("<HH", 6, 6) + DATA)),
    ("stream-bzip2-two", "stream", "two bzip2 streams where one is said",
     lambda: one(DATA, 12, body=bz2.compress(b"hel") + bz2.compress(b"lo\n"))),
    ("stream-bzip2-junk", "stream", "bytes behind a bzip2 stream",
     lambda: one(DATA, 12, body=bz2.compress(DATA) + b"junk")),
    ("stream-xz-two", "stream", "two xz streams where one is said",
     lambda: one(DATA, 95, body=lzma.compress(b"hel") + lzma.compress(b"lo\n"))),
    ("stream-xz-padding", "stream", "an xz stream with padding",
     lambda: one(DATA, 95, body=lzma.compress(DATA) + b"\0" * 4)),
    ("stream-zstd-two", "stream", "two zstd frames where one is said",
     lambda: one(DATA, 93, body=zstd(b"hel") + zstd(b"lo\n"))),
    ("stream-zstd-skippable", "stream", "a zstd frame behind one that is skipped",
     lambda: one(DATA, 93, body=struct.pack("<II", 0x184d2a50, 4) + b"evil" + zstd(DATA))),
    ("stream-lzma-cut", "stream", "an LZMA stream without its end",
     lambda: one(bytes(range(256)), 14, body=struct.pack("<HH", 0x1410, 5) + lzma.compress(
         bytes(range(256)), lzma.FORMAT_ALONE)[:5] + lzma.compress(bytes(range(256)),
                                                                   lzma.FORMAT_ALONE)[13:60])),
    ("method-deflate64", "method", "deflate64", lambda: one(DATA, 9, body=BODY)),
    ("method-reduce", "method", "a method of 1989", lambda: one(DATA, 2, body=BODY)),
    ("method-jpeg", "method", "a method for pictures", lambda: one(DATA, 96, body=BODY)),
    ("method-zstd-old", "method", "zstd by its first number", lambda: one(DATA, 20, body=zstd(DATA))),
    ("local-within-comment", "local", "a local header within the archive's comment",
     lambda: archive([Member("a.txt", in_local=False, central={"offset": 73})],
                     comment=Member("a.txt").local_bytes() + BODY)),
    ("local-in-directory", "overlap", "a local header within the directory's own comment",
     lambda: archive([Member("a.txt", in_local=False, central={
         "offset": 51, "comment": Member("a.txt").local_bytes() + BODY})])),
    ("local-in-extra", "overlap", "a member within the extra field of another",
     lambda: nested_in_extra()),
    ("directory-in-member", "end", "a directory within a stored member",
     lambda: directory_in_member()),
    ("directory-signed", "end", "a directory with a signature behind its members",
     lambda: archive([Member("a.txt")], after_central=b"PK\5\5\4\0sign", size_shift=10)),
    ("directory-extra-data", "hidden", "an archive extra data record before the directory",
     lambda: archive([Member("a.txt")], before_central=b"PK\6\10\4\0\0\0evil")),
    ("directory-empty", "hidden", "members that the directory does not list at all",
     lambda: archive([Member("a.txt", in_central=False)])),
    ("directory-count-wraps", "end", "65,537 members, counted in sixteen bits",
     lambda: archive([Member("a.txt"), Member("b.txt")], count=0)),
    ("comment-local", "comment", "a local header in the comment",
     lambda: archive([Member("a.txt")], comment=Member("b.txt").local_bytes() + BODY)),
    ("comment-locator", "comment", "a zip64 locator in the comment",
     lambda: archive([Member("a.txt")], comment=zips.locator(0))),
    ("trailing-zeros", "end", "zeros behind the archive", lambda: archive([Member("a.txt")], after=b"\0" * 512)),
    ("trailing-newline", "end", "a line feed behind the archive",
     lambda: archive([Member("a.txt")], after=b"\n")),
    ("trailing-end", "directories", "an empty archive behind the archive",
     lambda: archive([Member("a.txt")], after=zips.end_record(0, 0, 0))),
    ("prefix-zeros", "prefix", "zeros before the archive",
     lambda: archive([Member("a.txt")], prefix=b"\0" * 512, counted=True)),
    ("prefix-split-mark", "prefix", "the mark of a split archive before the first member",
     lambda: archive([Member("a.txt")], prefix=b"PK00")),
    ("prefix-span-mark", "prefix", "the mark of a spanned archive before the first member",
     lambda: archive([Member("a.txt")], prefix=b"PK\7\10")),
    ("duplicate-central", "overlap", "one member, listed twice",
     lambda: archive([Member("a.txt"), Member("a.txt", in_local=False, central={"offset": 0})])),
    ("duplicate-slashes", "duplicate", "a name again with another slash in it",
     lambda: archive([Member("a/b.txt"), Member("a//b.txt")])),
    ("duplicate-dot", "duplicate", "a name again with a '.' in it",
     lambda: archive([Member("a/b.txt"), Member("a/./b.txt")])),
    ("duplicate-fullwidth", "collision", "a name again in wide letters",
     lambda: archive([Member("ab.txt"), Member("\uff41b.txt")])),
    ("duplicate-sharp-s", "collision", "a sharp s, and two",
     lambda: archive([Member("stra\u00dfe.txt"), Member("strasse.txt")])),
    ("duplicate-invisible", "control", "a name again with a letter that does not show",
     lambda: archive([Member("a.txt"), Member("a\u200b.txt")])),
]


def zstd(data):
    """A frame of one raw block."""
    return (struct.pack("<IBB", 0xfd2fb528, 0x20, len(data))
            + (len(data) << 3 | 1).to_bytes(3, "little") + data)


def nested_in_extra():
    inner = Member("b.txt", b"evil\n", 0)
    field = extra(0xcafe, inner.local_bytes() + inner.body)
    outer = Member("a.txt", local={"extra": field})
    inner.in_local = False
    inner.central["offset"] = 30 + len("a.txt") + 4
    return archive([outer, inner])


def directory_in_member():
    """The end record's offset leads into a stored member, which holds another directory."""
    evil = Member("evil.txt", b"evil\n", 0)
    listing = evil.central_bytes(0)
    holder = Member("evil.txt", listing, 0)
    true = archive([holder])
    at = len(holder.local_bytes())
    return true[:-22] + zips.end_record(1, len(listing), at)


for _name, _reason, _what, _make in FIELDS:
    cases.add(_name, "refuse", _reason, _what, _make)
