"""Wheels that must be refused: metadata that contradicts itself, and files that go astray when the
wheel is installed."""
import tars
import whl
import zips
from case import Cases
from whl import INFO, METADATA, WHEEL, files, row, rows, wheel

cases = Cases("whl")
DATA = "demo-1.0.data/"
INIT = b"VERSION = '1.0'\n"


def also(content):
    """A wheel with these files as well, all listed."""
    return wheel(files(also=content))


def with_rows(change, **kw):
    return wheel(lines=change(rows(files())), **kw)


def metadata(text):
    return also({INFO + "METADATA": text})


def wheel_text(text):
    return also({INFO + "WHEEL": text})


def entries(text):
    return also({INFO + "entry_points.txt": text})


def replaced(field, by, text=METADATA):
    """The text with the line of that field replaced."""
    lines = [by if x.startswith(field + b":") else x for x in text.split(b"\n")]
    return b"\n".join(x for x in lines if x is not None)


def script(name):
    return also({DATA + "scripts/" + name: b"#!python\n"})


def first(line):
    """The rows, with the first replaced."""
    return lambda r: [line(r[0])] + r[1:]


# (case, reason, what it is, how it is made[, the file's name])
WHEELS = [
    ("name-differs", "wheel", "METADATA of another project",
     lambda: metadata(replaced(b"Name", b"Name: other"))),
    ("name-longer", "wheel", "METADATA of a project with a longer name",
     lambda: metadata(replaced(b"Name", b"Name: demo-extra"))),
    ("name-none", "wheel", "METADATA without a name", lambda: metadata(replaced(b"Name", None))),
    ("name-empty", "wheel", "METADATA with an empty name", lambda: metadata(replaced(b"Name", b"Name:"))),
    ("name-twice", "wheel", "METADATA with two names",
     lambda: metadata(replaced(b"Name", b"Name: demo\nName: other"))),
    ("name-in-body", "wheel", "METADATA whose name is in its description",
     lambda: metadata(b"Metadata-Version: 2.1\nVersion: 1.0\n\nName: demo\n")),
    ("version-differs", "wheel", "METADATA of another version",
     lambda: metadata(replaced(b"Version", b"Version: 2.0"))),
    ("version-longer", "wheel", "METADATA of a version with one more part",
     lambda: metadata(replaced(b"Version", b"Version: 1.0.1"))),
    ("version-pre", "wheel", "METADATA of the release before the version",
     lambda: metadata(replaced(b"Version", b"Version: 1.0rc1"))),
    ("version-local", "wheel", "METADATA of a local version",
     lambda: metadata(replaced(b"Version", b"Version: 1.0+evil"))),
    ("version-none", "wheel", "METADATA without a version",
     lambda: metadata(replaced(b"Version", None))),
    ("version-twice", "wheel", "METADATA with two versions",
     lambda: metadata(replaced(b"Version", b"Version: 1.0\nVersion: 2.0"))),
    ("metadata-empty", "wheel", "an empty METADATA", lambda: metadata(b"")),
    ("metadata-version-none", "wheel", "METADATA without its own version",
     lambda: metadata(replaced(b"Metadata-Version", None))),
    ("metadata-version-high", "wheel", "METADATA of a version that nobody knows",
     lambda: metadata(replaced(b"Metadata-Version", b"Metadata-Version: 9.0"))),
    ("metadata-binary", "wheel", "METADATA that is no text", lambda: metadata(b"\x80\x02\x00" * 40)),
    ("metadata-folder", "filefolder", "a METADATA that is a folder too",
     lambda: also({INFO + "METADATA/evil.py": b"X = 1\n"})),
    ("wheel-empty", "wheel", "an empty WHEEL", lambda: wheel_text(b"")),
    ("wheel-version-high", "wheel", "WHEEL of a version that installers must refuse",
     lambda: wheel_text(replaced(b"Wheel-Version", b"Wheel-Version: 2.0", WHEEL))),
    ("wheel-version-none", "wheel", "WHEEL without its version",
     lambda: wheel_text(replaced(b"Wheel-Version", None, WHEEL))),
    ("wheel-version-text", "wheel", "WHEEL of a version that is no number",
     lambda: wheel_text(replaced(b"Wheel-Version", b"Wheel-Version: one", WHEEL))),
    ("wheel-version-twice", "wheel", "WHEEL with two versions",
     lambda: wheel_text(replaced(b"Wheel-Version", b"Wheel-Version: 1.0\nWheel-Version: 2.0", WHEEL))),
    ("wheel-purelib-twice", "wheel", "WHEEL that says twice where it goes",
     lambda: wheel_text(WHEEL + b"Root-Is-Purelib: false\n")),
    ("info-empty-folder", "wheel", "a second folder of metadata, with nothing in it",
     lambda: wheel(members=[zips.folder("other-1.0.dist-info/")])),
    ("info-file", "wheel", "a file that is called like a folder of metadata",
     lambda: also({"other-1.0.dist-info": b"evil\n"})),
    ("info-case", "collision", "two folders of metadata that differ in case",
     lambda: also({"Demo-1.0.dist-info/METADATA": METADATA})),
    ("info-below", "wheel", "the metadata in a folder below",
     lambda: wheel({"x/" + k: v for k, v in files().items()}, record="x/" + INFO + "RECORD")),
    ("info-in-data", "wheel", "metadata of another project in a scheme",
     lambda: also({DATA + "purelib/other-9.0.dist-info/METADATA": METADATA})),
    ("info-bare", "wheel", "a folder of metadata without a name",
     lambda: wheel({k.replace(INFO, ".dist-info/"): v for k, v in files().items()},
                   record=".dist-info/RECORD")),
    ("info-upper", "wheel", "a folder of metadata in capitals",
     lambda: wheel({k.replace(INFO, "demo-1.0.DIST-INFO/"): v for k, v in files().items()},
                   record="demo-1.0.DIST-INFO/RECORD")),
    ("file-upper", "wheel", "a wheel whose ending is in capitals, with another RECORD",
     lambda: with_rows(first(lambda r: r + "0")), "demo-1.0-py3-none-any.WHL"),
    ("file-short", "wheel", "a file's name that says no tags", lambda: wheel(), "demo-1.0.whl"),
    ("file-long", "wheel", "a file's name of seven parts", lambda: wheel(),
     "demo-1.0-1-2-py3-none-any.whl"),
    ("file-build", "wheel", "a file's name whose build is no number", lambda: wheel(),
     "demo-1.0-x-py3-none-any.whl"),
    ("file-no-version", "wheel", "a file's name without a version", lambda: wheel(),
     "demo--py3-none-any.whl"),
    ("not-a-zip", "wheel", "a tar that is called a wheel", lambda: tar()),
    ("not-an-archive", "wheel", "a text that is called a wheel", lambda: b"print('hello')\n" * 40),
    ("nothing", "wheel", "no bytes at all", lambda: b""),
    ("no-members", "wheel", "an archive without members", lambda: zips.archive([])),
    ("data-other", "wheel", "schemes of another project",
     lambda: also({"other-1.0.data/scripts/tool": b"#!python\n"})),
    ("data-other-version", "wheel", "schemes of another version",
     lambda: also({"demo-2.0.data/purelib/tool.py": b"X = 1\n"})),
    ("data-file", "wheel", "a file where the schemes lie", lambda: also({DATA[:-1]: b"evil\n"})),
    ("data-scheme-file", "wheel", "a scheme that is a file", lambda: also({DATA + "scripts": b"evil\n"})),
    ("data-case", "wheel", "a scheme in capitals", lambda: also({DATA + "Scripts/x": b"#!python\n"})),
    ("data-overwrites", "wheel", "a scheme that overwrites a file of the wheel",
     lambda: also({DATA + "purelib/demo/__init__.py": b"EVIL = 1\n"})),
    ("data-record", "wheel", "a scheme that overwrites RECORD",
     lambda: also({DATA + "purelib/" + INFO + "RECORD": b"x,,\n"})),
    ("script-python", "wheel", "a script that takes the interpreter's place", lambda: script("python")),
    ("script-python3", "wheel", "a script that takes python3's place", lambda: script("python3")),
    ("script-python-version", "wheel", "a script that takes python3.11's place",
     lambda: script("python3.11")),
    ("script-python-exe", "wheel", "a script that takes the interpreter's place on Windows",
     lambda: script("Python.exe")),
    ("script-activate", "wheel", "a script that takes the environment's activate's place",
     lambda: script("activate")),
    ("data-python", "wheel", "data that takes the interpreter's place",
     lambda: also({DATA + "data/bin/python": b"#!/bin/sh\n"})),
    ("data-pyvenv", "wheel", "data that takes the environment's configuration's place",
     lambda: also({DATA + "data/pyvenv.cfg": b"home = /tmp\n"})),
    ("entry-python", "wheel", "an entry point that takes the interpreter's place",
     lambda: entries(b"[console_scripts]\npython = demo:main\n")),
    ("entry-python-gui", "wheel", "an entry point that takes pythonw's place",
     lambda: entries(b"[gui_scripts]\npythonw = demo:main\n")),
    ("entry-up", "wheel", "an entry point that leaves the folder of scripts",
     lambda: entries(b"[console_scripts]\n../../evil = demo:main\n")),
    ("entry-absolute", "wheel", "an entry point from the root",
     lambda: entries(b"[console_scripts]\n/tmp/evil = demo:main\n")),
    ("entry-backslash", "wheel", "an entry point that leaves by backslashes",
     lambda: entries(b"[console_scripts]\n..\\evil = demo:main\n")),
    ("entry-folder", "wheel", "an entry point in a folder",
     lambda: entries(b"[console_scripts]\nbin/evil = demo:main\n")),
    ("entry-escape", "wheel", "an entry point with an escape sequence in its name",
     lambda: entries(b"[console_scripts]\nto\x1b[2Kol = demo:main\n")),
    ("entry-code", "wheel", "an entry point that is a program",
     lambda: entries(b"[console_scripts]\ntool = demo:main(); import os; os.system('id')\n")),
    ("entry-no-value", "wheel", "an entry point without a module",
     lambda: entries(b"[console_scripts]\ntool\n")),
    ("entry-attribute-none", "wheel", "a script of a module without a function",
     lambda: entries(b"[console_scripts]\ntool = demo\n")),
    ("record-row-four", "record", "a row of four columns", lambda: with_rows(first(lambda r: r + ",evil"))),
    ("record-row-two", "record", "a row of two columns",
     lambda: with_rows(first(lambda r: r.rsplit(",", 1)[0]))),
    ("record-row-alike", "record", "one row twice", lambda: with_rows(lambda r: r + r[:1])),
    ("record-row-dot", "record", "a row with './'", lambda: with_rows(first(lambda r: "./" + r))),
    ("record-row-slashes", "record", "a row with two slashes",
     lambda: with_rows(first(lambda r: r.replace("/", "//", 1)))),
    ("record-row-backslash", "record", "a row with a backslash",
     lambda: with_rows(first(lambda r: r.replace("/", "\\", 1)))),
    ("record-row-blank", "record", "a row that starts with a blank",
     lambda: with_rows(first(lambda r: " " + r))),
    ("record-row-nul", "record", "a row with a zero byte", lambda: with_rows(first(lambda r: "\0" + r))),
    ("record-row-folder", "record", "a row for a folder", lambda: with_rows(lambda r: r + ["demo/,,"])),
    ("record-row-empty-path", "record", "a row without a path",
     lambda: with_rows(lambda r: r + [row("", b"x")])),
    ("record-size-sign", "record", "a size with a plus sign",
     lambda: with_rows(first(lambda r: "%s,+%s" % tuple(r.rsplit(",", 1))))),
    ("record-size-zeros", "record", "a size with zeros before it",
     lambda: with_rows(first(lambda r: "%s,00%s" % tuple(r.rsplit(",", 1))))),
    ("record-size-blank", "record", "a size with a blank",
     lambda: with_rows(first(lambda r: r + " "))),
    ("record-hash-upper", "record", "a hash whose name is in capitals",
     lambda: with_rows(first(lambda r: r.replace("sha256", "SHA256")))),
    ("record-hash-hex", "record", "a hash in hexadecimal",
     lambda: with_rows(first(lambda r: "demo/__init__.py,sha256=%s,%d" % ("ab" * 32, len(INIT))))),
    ("record-hash-longer", "record", "a hash with more behind it",
     lambda: with_rows(first(lambda r: r.replace(",16", "AAAA,16")))),
    ("record-hash-bits", "record", "a hash whose last letter has bits too many",
     lambda: with_rows(first(lambda r: last_bits(r)))),
    ("record-hash-sha224", "record", "a hash that is too weak a kind",
     lambda: with_rows(first(lambda r: row("demo/__init__.py", INIT, "sha224")))),
    ("record-hash-two", "record", "two hashes in one field",
     lambda: with_rows(first(lambda r: r.replace("sha256=", "md5=x;sha256=")))),
    ("record-itself-hashed", "record", "a RECORD with a hash of itself, which cannot be",
     lambda: itself_hashed()),
    ("record-bom", "record", "a RECORD with a byte order mark",
     lambda: with_rows(first(lambda r: "\ufeff" + r))),
    ("record-utf16", "record", "a RECORD in UTF-16", lambda: record_bytes(
        ("\n".join(rows(files())) + "\n").encode("utf-16"))),
    ("record-zero", "record", "a RECORD of no bytes", lambda: record_bytes(b"")),
    ("record-signature-other", "record", "a signature's name in another folder",
     lambda: wheel(members=[zips.Member("demo/RECORD.jws", b"{}")])),
    ("record-signature-unknown", "record", "a signature of a kind that there is not",
     lambda: wheel(members=[zips.Member(INFO + "RECORD.sig", b"{}")])),
    ("record-signature-hash", "record", "a signature that is listed with another's hash",
     lambda: wheel(lines=rows(files()) + [row(INFO + "RECORD.jws", b"other")],
                   members=[zips.Member(INFO + "RECORD.jws", b"{}")])),
    ("record-second", "record", "a second RECORD in a folder below",
     lambda: wheel(members=[zips.Member(INFO + "sub/RECORD", b"x")])),
    ("record-case-file", "collision", "a record beside RECORD",
     lambda: wheel(members=[zips.Member(INFO + "record", b"x")])),
    ("record-deleted-code", "record", "a file whose row is there and that is empty",
     lambda: wheel(files(also={"demo/__init__.py": b""}), lines=rows(files()))),
]


def last_bits(line):
    path, digest, size = line.split(",")
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    return ",".join((path, digest[:-1] + letters[letters.index(digest[-1]) + 1], size))


def record_bytes(text):
    content = dict(files())
    content[INFO + "RECORD"] = text
    return wheel(content, lines=[], record=None)


def itself_hashed():
    text = "\n".join(rows(files()) + [row(INFO + "RECORD", b"")]) + "\n"
    return record_bytes(text.encode())


def tar():
    return tars.archive(*(tars.member(k, v) for k, v in files().items()))


for _name, _reason, _what, _make, *_file in WHEELS:
    cases.add("meta-" + _name, "refuse", _reason, _what, _make, file=(_file or [whl.NAME])[0])
