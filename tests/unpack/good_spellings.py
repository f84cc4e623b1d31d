"""Archives that must come through, though they look as those of hostile_*_fields.py do."""
import bz2
import io
import lzma
import struct
import zipfile
import zlib

import tars
import whl
import zips
from case import Cases
from tars import archive, hardlink, member, pax, symlink
from zips import Member

cases = Cases("zip")
DATA = b"hello\n"


def metadata(name, version):
    return b"Metadata-Version: 2.1\nName: %s\nVersion: %s\n" % (name, version)


def spelled(file, info, text):
    """A wheel whose name, folder and METADATA spell name and version as they like."""
    content = {info + ".dist-info/METADATA": text, info + ".dist-info/WHEEL": whl.WHEEL, "x.py": b"X = 1\n"}
    cases.add("spelled-" + file.replace(".", "-"), "admit", "",
              "the name and version of %s, in other spellings" % file,
              lambda: whl.wheel(content, record=info + ".dist-info/RECORD"), suffix="whl",
              file=file + "-py3-none-any.whl")


def nothing(method, body):
    """A folder whose content, nothing, is packed."""
    return lambda: zips.archive([Member("a/", b"", method, mode=0o040755, body=body), Member("a/b.txt")])


def with_entries(text):
    return lambda: whl.wheel(whl.files(also={whl.INFO + "entry_points.txt": text}))


spelled("Demo_App-1.0", "Demo_App-1.0", metadata(b"demo.app", b"1.0.0"))
spelled("demo-1.0rc1", "demo-1.0rc1", metadata(b"demo", b"1.0-rc.1"))
spelled("demo-2021.2.1", "demo-2021.2.1", metadata(b"demo", b"2021.02.1"))
spelled("demo-1.0+cu118", "demo-1.0+cu118", metadata(b"demo", b"1.0+CU118"))
spelled("demo-1.0.dev0", "demo-1.0.dev0", metadata(b"demo", b"1.0.dev"))
spelled("demo-1!2.0", "demo-1!2.0", metadata(b"demo", b"1!2"))
spelled("demo-1.0a1.post2", "demo-1.0a1.post2", metadata(b"demo", b"v1.0alpha1-r2"))
spelled("demo-1.1", "demo-1.1", b"metadata-version: 1.1\r\nNAME: demo\r\nversion: 1.1\r\n\r\nName: in the text\r\n")

GOOD = [
    ("zip", "folder-packed-bzip2", "a folder whose nothing is bzip2, as zipfile writes",
     nothing(12, bz2.compress(b""))),
    ("zip", "folder-packed-deflate", "a folder whose nothing is deflated", nothing(8, b"\3\0")),
    ("zip", "zip64-disk-zero", "a zip64 field with all its values and disk 0",
     lambda: zips.archive([Member("a.txt", central={"extra": zips.extra(1, struct.pack(
         "<QQQI", len(DATA), len(zips.deflated(DATA)), 0, 0))})])),
    ("zip", "descriptor-wide", "a descriptor of 64 bits behind a zip64 field",
     lambda: zips.archive([Member("a.txt", descriptor=b"PK\7\10" + struct.pack(
         "<IQQ", zlib.crc32(DATA), len(zips.deflated(DATA)), len(DATA)),
         local={"extra": zips.zip64(0, 0), "csize": 0xffffffff, "usize": 0xffffffff})])),
    ("zip", "flags-language", "the flag for UTF-8 on an ASCII name",
     lambda: zips.archive([Member("a.txt", flags=zips.UTF8)])),
    ("zip", "lzma-streamed", "zipfile into a pipe, LZMA, with a folder", lambda: streamed_lzma()),
    ("whl", "entry-points", "scripts with extras, comments and dots",
     with_entries(b"# ours\n[console_scripts]\ndemo-tool.v2 = demo.sub:main.run [extra]\n\n"
                  b"[demo.plugins]\na/b = demo\n")),
    ("whl", "script-python-like", "scripts whose names start as the interpreter's does",
     lambda: whl.wheel(whl.files(also={"demo-1.0.data/scripts/python-config-demo": b"#!python\n",
                                       "demo-1.0.data/scripts/pythonic": b"#!python\n"}))),
    ("tar", "size-blanks-before", "a size with blanks before it",
     lambda: archive(tars.header("a.txt", size_field=b"%11o " % 6) + tars.blocks(DATA))),
    ("tar", "size-binary-small", "a small size in binary",
     lambda: archive(tars.header("a.txt", size_field=tars.base256(6)) + tars.blocks(DATA))),
    ("tar", "link-target-slash", "a symbolic link to a folder, with a slash",
     lambda: archive(tars.folder("d"), symlink("l", "d/"))),
    ("tar", "pax-link", "a pax link target for links",
     lambda: archive(member("a.txt"), pax([("linkpath", "a.txt")]) + hardlink("h", "a.txt"),
                     pax([("linkpath", "a.txt")]) + symlink("s", "a.txt"))),
    ("tar", "pax-xattrs", "attributes as bsdtar on macOS keeps them",
     lambda: archive(pax([("LIBARCHIVE.xattr.com.apple.quarantine", "MDA4"),
                          ("SCHILY.xattr.com.apple.provenance", b"\1\2\0"), ("SCHILY.fflags", "hidden")])
                     + member("a.txt"), member("._a.txt"))),
    ("tar.xz", "xz-streams", "one archive in two xz streams",
     lambda: (lambda t: lzma.compress(t[:700]) + lzma.compress(t[700:]))(archive(member("a.txt")))),
]


def streamed_lzma():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_LZMA) as z:
        z.writestr(zipfile.ZipInfo("a/", (1980, 1, 1, 0, 0, 0)), b"", zipfile.ZIP_LZMA)
        z.writestr(zipfile.ZipInfo("a/b.txt", (1980, 1, 1, 0, 0, 0)), DATA * 99, zipfile.ZIP_LZMA)
    return out.getvalue()


for _suffix, _name, _what, _make in GOOD:
    cases.add("odd-" + _name, "admit", "", _what, _make, suffix=_suffix,
              file=whl.NAME if _suffix == "whl" else None)
