"""Archives that must come through: as writers in the wild make them."""
import bz2
import contextlib
import gzip
import io
import os
import shutil
import struct
import subprocess
import tarfile
import tempfile
import zipfile
import zlib

import names
import tars
import whl
import zips
from case import Cases, Skip
from tars import archive, hardlink, member, pax, symlink
from zips import Member

cases = Cases("zip")
good = cases.good
TIME = (1980, 1, 1, 0, 0, 0)
FILES = {"README.txt": b"read me\n", "pkg/a.txt": b"a\n" * 400, "pkg/sub/b.txt": b"%d\n" * 64,
         "pkg/empty.txt": b"", "pkg/caf\u00e9.txt": b"coffee\n"}
ASCII = {k: v for k, v in FILES.items() if k.isascii()}


def noise(n):
    """Text that deflates to about a thirtieth."""
    block = bytes(10 if i % 80 == 79 else 48 + (i * 2654435761 >> 13) % 64 for i in range(1 << 16))
    return (block * (n // len(block) + 1))[:n]


# ---- zip: Python's own writers ----


def zipped(content=None, **kw):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", kw.pop("method", zipfile.ZIP_DEFLATED), **kw) as z:
        for name, data in (FILES if content is None else content).items():
            z.writestr(zipfile.ZipInfo(name, TIME), data, z.compression)
    return out.getvalue()


class Pipe(io.RawIOBase):
    """A stream that cannot seek, so that zipfile writes data descriptors."""

    def __init__(self):
        self.out = []

    def writable(self):
        return True

    def write(self, data):
        self.out.append(bytes(data))
        return len(data)


def streamed(method):
    pipe = Pipe()
    with zipfile.ZipFile(pipe, "w", method) as z:
        for name, data in FILES.items():
            z.writestr(zipfile.ZipInfo(name, TIME), data, method)
    return b"".join(pipe.out)


@good()
def zipfile_deflated():
    """zipfile, deflated"""
    return zipped()


@good()
def zipfile_stored():
    """zipfile, stored"""
    return zipped(method=zipfile.ZIP_STORED)


@good()
def zipfile_streamed():
    """zipfile into a pipe: deflated with data descriptors"""
    return streamed(zipfile.ZIP_DEFLATED)


@good()
def zipfile_streamed_stored():
    """zipfile into a pipe: stored with data descriptors"""
    return streamed(zipfile.ZIP_STORED)


@good()
def zipfile_comment():
    """an archive with a comment"""
    out = io.BytesIO(zipped())
    with zipfile.ZipFile(out, "a") as z:
        z.comment = b"made by hand, with care"
    return out.getvalue()


@good()
def zipfile_long_comment():
    """a comment as long as it may be"""
    return zips.archive([Member("a.txt")], comment=b"c" * 65535)


@good()
def zipfile_appended():
    """zipfile, appended to"""
    out = io.BytesIO(zipped())
    with zipfile.ZipFile(out, "a") as z:
        z.writestr(zipfile.ZipInfo("later.txt", TIME), b"later\n")
    return out.getvalue()


@good()
def zipfile_forced_zip64():
    """zipfile with zip64 fields where they are not needed (force_zip64)"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z, z.open(zipfile.ZipInfo("a.txt", TIME), "w", force_zip64=True) as f:
        f.write(b"hello\n")
    return out.getvalue()


@good()
def zipfile_folders():
    """zipfile with folder entries"""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for name in ("d/", "d/e/"):
            info = zipfile.ZipInfo(name, TIME)
            info.external_attr = 0o40755 << 16 | 0x10
            z.writestr(info, b"")
        z.writestr(zipfile.ZipInfo("d/e/a.txt", TIME), b"a\n")
    return out.getvalue()


@good()
def empty():
    """an archive without members"""
    return zips.archive([])


@good()
def empty_files():
    """empty files, stored and deflated"""
    return zips.archive([Member("a", b"", 0), Member("b", b"", 8), Member("d/c", b"", 0)])


@good()
def many():
    """three thousand small files"""
    return zipped({"d%d/f%d.txt" % (i % 50, i): b"%d\n" % i for i in range(3000)})


@good()
def large():
    """a member of 100 MB"""
    data = noise(100 << 20)
    c = zlib.compressobj(1, zlib.DEFLATED, -15)
    return zips.archive([Member("large.txt", data, body=c.compress(data) + c.flush())])


@good()
def zeros():
    """60 MB of one letter: a small archive that is no bomb"""
    return zips.archive([Member("zeros.txt", b"0" * (60 << 20))])


# ---- zip: what others write ----


@good()
def torch_layout():
    """stored members with data descriptors and aligned by an extra field, as torch.save writes"""
    out, at = [], 0
    for name, data in (("archive/byteorder", b"little"), ("archive/version", b"3\n"),
                       ("archive/data/0.txt", b"weights\n" * 32), ("archive/notes.txt", b"weights\n")):
        pad = -(at + 30 + len(name) + 4) % 64
        m = Member(name, data, 0, descriptor="sign", local={"extra": zips.extra(0x4246, b"Z" * pad)})
        at += len(m.local_bytes()) + len(m.body) + len(m.descriptor)
        out.append(m)
    return zips.archive(out)


@good()
def torch_zip64():
    """the same with the zip64 fields and end that newer ones write"""
    body = b"numbers\n" * 8
    m = Member("archive/data/0.txt", body, 0, flags=zips.DESCRIPTOR,
               local={"csize": 0xffffffff, "usize": 0xffffffff, "crc": 0, "extra": zips.zip64(0, 0)},
               central={"extra": b""},
               descriptor=b"PK\7\10" + struct.pack("<IQQ", zlib.crc32(body), 64, 64))
    return zips.archive([m], end64=lambda n, size, at, here:
                        zips.end64_record(n, size, at) + zips.locator(here))


@good()
def descriptor_unsigned():
    """data descriptors without a signature"""
    return zips.archive([Member("a.txt", descriptor="plain"), Member("b.txt", descriptor="plain")])


@good()
def descriptor_sizes_known():
    """the descriptor's flag, and the sizes in the local header all the same"""
    crc = zlib.crc32(b"hello\n")
    return zips.archive([Member("a.txt", descriptor="sign", local={"crc": crc, "csize": 8, "usize": 6})])


@good()
def zip64_redundant():
    """zip64 fields beside true sizes, as protobuf's wheels have"""
    m = Member("a.txt", b"hello\n", 0, central={"extra": zips.zip64(6, 6)})
    return zips.archive([m])


@good()
def zip64_local():
    """sizes in zip64 fields of the local header alone"""
    return zips.archive([Member("a.txt", b"hello\n", 0,
                                local={"usize": 0xffffffff, "csize": 0xffffffff, "extra": zips.zip64(6, 6)})])


@good()
def zip64_end():
    """a zip64 end record where none is needed"""
    return zips.archive([Member("a.txt"), Member("b.txt")], end64=lambda n, size, at, here:
                        zips.end64_record(n, size, at) + zips.locator(here))


@good()
def info_zip_extras():
    """times and owners in extra fields, longer in the local header, as Info-ZIP writes"""
    local = zips.extra(0x5455, b"\3" + b"\0" * 8) + zips.extra(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0")
    central = zips.extra(0x5455, b"\3" + b"\0" * 4) + zips.extra(0x7875, b"\1\4\0\0\0\0\4\0\0\0\0")
    return zips.archive([Member("a.txt", mode=0o100644, local={"extra": local}, central={"extra": central})])


@good()
def unicode_path_same():
    """a Unicode path field that agrees with the name"""
    name = "\u00e9.txt"
    return zips.archive([Member(name, extra=zips.unicode_path(name.encode(), name.encode()))])


@good()
def unflagged():
    """names of UTF-8 that are not said to be, made on Unix"""
    return zips.archive([Member("caf\u00e9.txt".encode(), mode=0o100644),
                         Member("\u65e5\u672c/".encode(), b"", 0, mode=0o040755),
                         Member("\u65e5\u672c/\u8a9e.txt".encode(), mode=0o100644)])


@good()
def unflagged_unicode_path():
    """names of UTF-8 that are not said to be, each with a Unicode path field that agrees"""
    name = "caf\u00e9.txt".encode()
    return zips.archive([Member(name, mode=0o100644, extra=zips.unicode_path(name, name))])


@good()
def java_marker():
    """the marker that Java puts into the first member"""
    return zips.archive([Member("notes/", b"", 0, extra=zips.extra(0xcafe, b"")),
                         Member("notes/a.txt")])


@good()
def windows_ntfs():
    """times of NTFS, and folders by DOS attributes, as Windows writes"""
    ntfs = zips.extra(10, b"\0" * 4 + struct.pack("<HH", 1, 24) + b"\1" * 24)
    return zips.archive([Member("d/", b"", 0, central={"external": 0x10}, extra=ntfs),
                         Member("d/a.txt", central={"external": 0x20}, extra=ntfs)])


@good()
def sticky_bits():
    """modes that a umask would not give: they are masked"""
    return zips.archive([Member("a.txt", mode=0o100777), Member("b.txt", mode=0o100000),
                         zips.folder("d/", 0o040700)])


@good()
def directory_later():
    """a folder's entry behind what is in it"""
    return zips.archive([Member("d/a.txt"), zips.folder("d/")])


@good()
def member_comments():
    """comments on members"""
    return zips.archive([Member("a.txt", comment=b"the first")])


@good()
def order_differs():
    """a directory in another order than the members"""
    a, b = Member("a.txt", b"a\n"), Member("b.txt", b"b\n")
    first = a.local_bytes() + a.body
    both = first + b.local_bytes() + b.body
    central = b.central_bytes(len(first)) + a.central_bytes(0)
    return both + central + zips.end_record(2, len(central), len(both))


@good()
def level_flags():
    """flags that tell the level of compression"""
    return zips.archive([Member("a.txt", flags=2), Member("b.txt", flags=4), Member("c.txt", flags=6)])


@good()
def stored_archive():
    """an archive stored in an archive"""
    return zips.archive([Member("inner.zip", zipped(ASCII), 0), Member("b.txt")])


@good()
def stored_tar():
    """a compressed tar within an archive"""
    return zips.archive([Member("inner.tar.gz", tars.gz(archive(member("a.txt"))))])


def tool(name):
    path = shutil.which(name)
    if not path:
        raise Skip(name + " is not installed")
    return path


@contextlib.contextmanager
def tree(content, links=()):
    """A folder with these files."""
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as top:
        root = os.path.join(top, "tree")
        for name, data in content.items():
            path = os.path.join(root, name)
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(data)
        for name, target in links:
            os.symlink(target, os.path.join(root, name))
        yield root


def made_by(command, suffix, content=FILES, links=(), members="."):
    """What a program writes; OUT in the command is the archive, members what goes in."""
    program = tool(command[0])
    with tree(content, links) as root:
        out = os.path.join(os.path.dirname(root), "out." + suffix)
        listed = sorted(os.listdir(root)) if members == "*" else members.split()
        done = subprocess.run([program] + [out if x == "OUT" else x for x in command[1:]] + listed,
                              cwd=root, env=dict(os.environ, LC_ALL="C.UTF-8"), stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                              stderr=subprocess.STDOUT)
        if done.returncode:
            raise Skip("%s: %s" % (command[0], done.stdout.decode(errors="replace").strip()[-80:]))
        with open(out, "rb") as f:
            return f.read()


def tools():
    for name, what, command, suffix in TOOLS:
        cases.add(name, "admit", "", what,
                  lambda command=command, suffix=suffix: made_by(command, suffix, members="*"),
                  suffix=suffix)
    for name, what, command, suffix in TAR_TOOLS:
        links = (("pkg/link.txt", "a.txt"), ("top", "pkg/sub"))
        cases.add(name, "admit", "", what,
                  lambda command=command, suffix=suffix, links=links: made_by(command, suffix, links=links),
                  suffix=suffix)


TOOLS = [
    ("info-zip", "Info-ZIP", ["zip", "-q", "-r", "OUT"], "zip"),
    ("info-zip-best", "Info-ZIP, as small as it can", ["zip", "-q", "-9", "-r", "OUT"], "zip"),
    ("info-zip-stored", "Info-ZIP, stored", ["zip", "-q", "-0", "-r", "OUT"], "zip"),
    ("info-zip-plain", "Info-ZIP without folders and extra fields", ["zip", "-q", "-D", "-X", "-r", "OUT"], "zip"),
    ("info-zip-streamed", "Info-ZIP with descriptors", ["zip", "-q", "-fd", "-r", "OUT"], "zip"),
    ("info-zip-zip64", "Info-ZIP with zip64", ["zip", "-q", "-fz", "-r", "OUT"], "zip"),
    ("7zip", "7-Zip", ["7z", "a", "-tzip", "-bd", "OUT"], "zip"),
    ("bsdtar-zip", "bsdtar", ["bsdtar", "--format=zip", "-cf", "OUT"], "zip"),
]
TAR_TOOLS = [
    ("gnu", "GNU tar", ["tar", "-cf", "OUT"], "tar"),
    ("gnu-pax", "GNU tar with pax headers", ["tar", "--format=pax", "-cf", "OUT"], "tar"),
    ("gnu-ustar", "GNU tar in POSIX's format of 1988", ["tar", "--format=ustar", "-cf", "OUT"], "tar"),
    ("gnu-v7", "GNU tar in the format of 1979", ["tar", "--format=v7", "-cf", "OUT"], "tar"),
    ("gnu-blocks", "GNU tar with records of one block", ["tar", "-b1", "-cf", "OUT"], "tar"),
    ("gnu", "GNU tar, gzip", ["tar", "-czf", "OUT"], "tar.gz"),
    ("gnu", "GNU tar, bzip2", ["tar", "-cjf", "OUT"], "tar.bz2"),
    ("gnu", "GNU tar, xz", ["tar", "-cJf", "OUT"], "tar.xz"),
    ("gnu", "GNU tar, zstd", ["tar", "--zstd", "-cf", "OUT"], "tar.zst"),
    ("bsdtar", "bsdtar", ["bsdtar", "-cf", "OUT"], "tar"),
    ("bsdtar-pax", "bsdtar with pax headers", ["bsdtar", "--format=pax", "-czf", "OUT"], "tar.gz"),
    ("bsdtar-v7", "bsdtar in the format of 1979", ["bsdtar", "--format=v7tar", "-cf", "OUT"], "tar"),
    ("busybox", "busybox", ["busybox", "tar", "-cf", "OUT"], "tar"),
    ("7zip", "7-Zip", ["7z", "a", "-ttar", "-snl", "-bd", "OUT"], "tar"),
]


def names_of_zips():
    for name, path, what in names.INNOCENT:
        cases.add("fine-" + name, "admit", "", what, lambda path=path: zips.archive([Member(path)]))
        cases.add("fine-" + name, "admit", "", what, lambda path=path: archive(
            (pax([("path", path)]) if not path.isascii() or len(path) > 100 else b"")
            + member(path.encode()[:100]), member("other.txt")), suffix="tar")


# ---- wheels ----


def wheel(name, what, **kw):
    cases.add(name, "admit", "", what, lambda: whl.wheel(**kw), suffix="whl", file=whl.NAME)


def all_wheels():
    more = whl.files(also={"demo/sub/__init__.py": b"", "demo/data.json": b"{}\n"})
    info = whl.INFO
    wheel("plain", "the least that a wheel holds")
    wheel("setuptools", "top_level.txt and a licence, as setuptools writes",
          content=whl.files(also={info + "top_level.txt": b"demo\n", info + "licenses/LICENSE": b"MIT\n"}))
    wheel("scripts", "entry points and scripts",
          content=whl.files(also={info + "entry_points.txt": b"[console_scripts]\ndemo = demo:VERSION\n",
                                     "demo-1.0.data/scripts/demo.py": b"#!python\nimport demo\n"}))
    wheel("schemes", "every scheme of installers", content=whl.files(
        also={"demo-1.0.data/%s/x.txt" % s: b"x\n" for s in ("purelib", "platlib", "data")}))
    wheel("sizes", "files of all sizes", content=whl.files(also=whl.of_all_sizes()))
    wheel("sha512", "hashes with SHA-512", content=more, lines=whl.rows(more, hash_name="sha512"))
    wheel("sha384", "hashes with SHA-384", content=more, lines=whl.rows(more, hash_name="sha384"))
    wheel("crlf", "a RECORD with carriage returns", end="\r\n")
    wheel("no-sizes", "a RECORD without sizes",
          lines=[x.rsplit(",", 1)[0] + "," for x in whl.rows(whl.files())])
    wheel("folders", "entries of folders, as auditwheel adds",
          members=[zips.folder("demo/"), zips.folder(whl.INFO)])
    wheel("tag", "a tag that differs from the file's name, as torchvision has",
          content=dict(whl.files(), **{whl.INFO + "WHEEL": whl.WHEEL.replace(b"py3-none", b"cp311-cp311")}))
    comma = whl.files(also={"demo/a,b.txt": b"x\n"})
    wheel("quoted", "a file with a comma in its name, quoted", content=comma,
          lines=[x if "," not in p else '"%s",%s' % (p, x[len(p) + 1:])
                 for p, x in zip(comma, whl.rows(comma))])
    signed = whl.files(also={info + "RECORD.jws": b"{}"})
    wheel("signature", "a signature of RECORD, which is not listed", content=signed,
          lines=[x for x in whl.rows(signed) if "jws" not in x] + [info + "RECORD.jws,,"])


# ---- tar: Python's own writer and others ----


def tarred(mode, fmt, content=FILES):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:" + mode, format=fmt) as t:
        for name, data in content.items():
            info = tarfile.TarInfo("demo-1.0/" + name)
            info.size, info.mtime = len(data), 1.5 if fmt == tarfile.PAX_FORMAT else 1
            t.addfile(info, io.BytesIO(data))
    return out.getvalue()


def all_tars():
    def add(name, what, make, suffix="tar"):
        cases.add(name, "admit", "", what, make, suffix=suffix)

    for mode in ("gz", "bz2", "xz"):
        add("tarfile-pax", "tarfile with pax headers, as setuptools makes sdists",
            lambda mode=mode: tarred(mode, tarfile.PAX_FORMAT), "tar." + mode)
    add("tarfile-gnu", "tarfile in GNU's format", lambda: tarred("gz", tarfile.GNU_FORMAT), "tar.gz")
    add("tarfile-ustar", "tarfile in POSIX's format, as flit makes sdists",
        lambda: tarred("gz", tarfile.USTAR_FORMAT, ASCII), "tar.gz")
    add("tarfile-long", "long names in pax headers", lambda: tarred(
        "gz", tarfile.PAX_FORMAT, {"/".join(["folder%d" % i for i in range(25)]) + "/a.txt": b"a\n"}), "tar.gz")
    add("gnu-long", "long names in GNU's format", lambda: tarred(
        "", tarfile.GNU_FORMAT, {"/".join(["folder%d" % i for i in range(25)]) + "/a.txt": b"a\n"}))
    add("ustar-prefix", "a name in two parts", lambda: archive(
        tars.header("a.txt", 6, prefix=b"p/" * 60 + b"q") + tars.blocks(b"hello\n")))
    add("git", "git archive: a commit in a global header", lambda: tars.gz(archive(
        pax([("comment", "0123456789" * 4)], b"g"), tars.folder("demo/"), member("demo/a.txt"))), "tar.gz")
    add("dot", "names that start with './'", lambda: archive(
        tars.folder("./"), tars.folder("./d"), member("./d/a.txt"), member("./b.txt")))
    add("link", "a symbolic link that stays", lambda: archive(
        tars.folder("d"), member("d/a.txt"), symlink("d/l", "a.txt"), symlink("top", "d/a.txt")))
    add("link-up", "a symbolic link that climbs and stays", lambda: archive(
        member("a.txt"), tars.folder("d/e"), symlink("d/e/l", "../../a.txt")))
    add("link-before", "a symbolic link before the file it points at", lambda: archive(
        symlink("l", "a.txt"), member("a.txt")))
    add("link-folder", "a symbolic link to a folder", lambda: archive(
        tars.folder("v1"), member("v1/a.txt"), symlink("current", "v1")))
    add("hard", "a hard link to a member before", lambda: archive(
        member("a.txt"), tars.folder("d"), hardlink("d/b.txt", "a.txt")))
    add("hard-chain", "a hard link to a hard link", lambda: archive(
        member("a.txt"), hardlink("b.txt", "a.txt"), hardlink("c.txt", "b.txt")))
    add("empty", "an archive without members", lambda: tars.END)
    add("empty-files", "empty files", lambda: archive(member("a", b""), member("b", b"")))
    add("v7", "headers of 1979: a folder is a name with a slash", lambda: archive(
        tars.header("d/", magic=tars.V7, kind=b"\0", mode=0o755),
        member("d/a.txt", magic=tars.V7, kind=b"\0")))
    add("contiguous", "a file of the contiguous type", lambda: archive(
        member("a.txt", kind=b"7"), member("b.txt")))
    add("padded", "zeros up to a tape's record", lambda: archive(
        member("a.txt"), member("b.txt")) + b"\0" * 8192)
    add("modes", "modes that a umask would not give: they are masked", lambda: archive(
        tars.folder("d", mode=0o777), member("d/a.txt", mode=0o777), member("b.txt", mode=0o400)))
    add("folders-missing", "files in folders without entries", lambda: archive(member("a/b/c.txt")))
    add("folder-twice", "a folder's entry twice, as tar -r leaves", lambda: archive(
        tars.folder("d/"), member("d/a.txt"), tars.folder("d/"), member("d/b.txt")))
    add("pax-extras", "times, attributes and libraries' own keys", lambda: archive(
        pax([("mtime", "1.25"), ("atime", "2"), ("SCHILY.xattr.user.note", b"\1\2"), ("LIBARCHIVE.creationtime", "1"),
             ("uname", "somebody")]) + member("a.txt"), member("b.txt")))
    add("many", "two thousand files", lambda: tars.gz(
        archive(*(member("d/f%d.txt" % i) for i in range(2000)))), "tar.gz")
    add("large", "a member of 64 MB", lambda: gzip.compress(
        archive(member("a.txt", noise(64 << 20)), member("b.txt")), 1, mtime=0), "tar.gz")
    plain = archive(member("a.txt", noise(200000)), member("b.txt"))
    add("gzip-name", "a gzip header with a file name and a comment", lambda: named_gzip(plain), "tar.gz")
    add("gzip-members", "one archive in several streams, as bgzip and pigz -i write",
        lambda: b"".join(tars.gz(plain[i:i + 65280]) for i in range(0, len(plain), 65280)), "tar.gz")
    add("bzip2-streams", "one archive in several streams, as pbzip2 writes",
        lambda: b"".join(bz2.compress(plain[i:i + 90000]) for i in range(0, len(plain), 90000)), "tar.bz2")
    add("zst-frames", "one archive in several frames, as pzstd writes",
        lambda: tars.zst(plain[:100000]) + tars.zst(plain[100000:]), "tar.zst")
    add("zst-pzstd", "frames behind frames that are skipped, as pzstd writes", lambda: b"".join(
        struct.pack("<III", 0x184d2a50, 4, len(part)) + part
        for part in (tars.zst(plain[:100000]), tars.zst(plain[100000:]))), "tar.zst")
    add("bgzip", "streams with a field of their own and an empty one at the end, as bgzip writes",
        lambda: b"".join(bgzip(plain[i:i + 65280]) for i in range(0, len(plain), 65280)) + bgzip(b""),
        "tar.gz")
    add("pkg-info", "a first name that starts as a zip does", lambda: archive(
        member("PKG-INFO", b"Name: demo\n"), member("a.txt")))
    add("name-full", "a name that fills its field", lambda: archive(member("a" * 100), member("b.txt")))
    add("tgz", "the short ending", lambda: tars.gz(archive(member("a.txt"), member("b.txt"))), "tgz")


def bgzip(data):
    """SAM specification 1.6, 4.1: BGZF."""
    body = zips.deflated(data)
    return (b"\x1f\x8b\x08\4\0\0\0\0\0\xff\6\0BC\2\0" + struct.pack("<H", len(body) + 25) + body
            + struct.pack("<II", zlib.crc32(data), len(data)))


def named_gzip(data):
    out = io.BytesIO()
    with gzip.GzipFile("demo-1.0.tar", "wb", fileobj=out, mtime=0) as f:
        f.write(data)
    return out.getvalue()


tools()
names_of_zips()
all_wheels()
all_tars()
