#!/usr/bin/env python3
"""Tampered wheels and sdists, and odd ones that are good: what is told of each, as facts.

Each case builds a wheel from a good one and changes it in one way; expected is the kind of fact,
and a word of its subject, its detail or its place. Good cases expect none. Prints TAP.
"""

import base64
import gzip
import hashlib
import io
import json
import os
import pathlib
import subprocess
import sys
import tarfile
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
FACTS = os.environ.get("PRATIQUE_PACKAGE_FACTS", str(ROOT / "build/asan/package_facts"))
PROGRAM = os.environ.get("PRATIQUE", str(ROOT / "build/release/pratique"))

NAME = "pkg-1.0-py3-none-any.whl"
INFO = "pkg-1.0.dist-info/"
METADATA = "Metadata-Version: 2.1\nName: pkg\nVersion: 1.0\n\nWords.\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: us\nRoot-Is-Purelib: true\nTag: py3-none-any\n"


def digest(body, kind="sha256"):
    raw = hashlib.new(kind, body).digest()
    return kind + "=" + base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


class Wheel:
    """Files in their order; RECORD is made of them at the end, unless a case has set rows."""

    def __init__(self, name=NAME, info=INFO, metadata=METADATA, wheel=WHEEL):
        self.name, self.info = name, info
        self.files = {"pkg/__init__.py": b"x = 1\n", "pkg/a.py": b"def main():\n    pass\n",
                      "pkg/py.typed": b""}
        if metadata is not None:
            self.files[info + "METADATA"] = metadata.encode() if isinstance(metadata, str) else metadata
        if wheel is not None:
            self.files[info + "WHEEL"] = wheel.encode() if isinstance(wheel, str) else wheel
        self.rows = None      # list of (path, hash, size), or text
        self.edit = None      # of the rows that are made
        self.extra = []       # (name, body) that RECORD does not know
        self.tail = "\n"

    def put(self, name, body=b"x\n"):
        self.files[name] = body if isinstance(body, bytes) else body.encode()
        return self

    def record(self):
        if isinstance(self.rows, (str, bytes)):
            return self.rows if isinstance(self.rows, bytes) else self.rows.encode()
        rows = self.rows
        if rows is None:
            rows = [[n, digest(b), str(len(b))] for n, b in self.files.items()]
            rows.append([self.info + "RECORD", "", ""])
        if self.edit:
            rows = self.edit(rows) or rows
        return "".join(",".join(r) + self.tail for r in rows).encode()

    def build(self):
        out = io.BytesIO()
        with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
            for n, b in self.files.items():
                z.writestr(zipfile.ZipInfo(n), b, zipfile.ZIP_DEFLATED)
            if self.rows is not False:
                z.writestr(zipfile.ZipInfo(self.info + "RECORD"), self.record())
            for n, b in self.extra:
                z.writestr(zipfile.ZipInfo(n), b)
        return self.name, out.getvalue()


def sdist(name="pkg-1.0.tar.gz", top="pkg-1.0", info=METADATA, files=None, inner=None, mode="gz"):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as t:
        every = {f"{top}/PKG-INFO": info, f"{top}/pkg/__init__.py": "x = 1\n",
                 f"{top}/pkg/a.py": "def main():\n    pass\n", f"{top}/setup.py": "pass\n"}
        every.update({f"{top}/{k}": v for k, v in (files or {}).items()})
        for n, b in every.items():
            b = b if isinstance(b, bytes) else b.encode()
            member = tarfile.TarInfo(n)
            member.size = len(b)
            t.addfile(member, io.BytesIO(b))
    body = out.getvalue()
    if mode == "gz":
        z = io.BytesIO()
        with gzip.GzipFile(inner or name[:-3], "wb", fileobj=z, mtime=0) as g:
            g.write(body)
        body = z.getvalue()
    return name, body


bad, good = [], []


def case(kind, word=""):
    def add(fn):
        bad.append((fn.__name__.replace("_", " "), fn, kind, word))
        return fn
    return add


def fine(fn):
    good.append((fn.__name__.replace("_", " "), fn))
    return fn


def row(rows, name):
    return next(r for r in rows if r[0] == name)


# ---- RECORD ----

@case("WHL_RECORD_MISSING")
def no_record():
    w = Wheel()
    w.rows = False
    return w.build()


@case("WHL_RECORD_BROKEN", "empty")
def empty_record():
    w = Wheel()
    w.rows = ""
    return w.build()


@case("WHL_RECORD_HASH", "pkg/a.py")
def body_changed():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, digest(b"def main():\n    pasS\n"))
    return w.build()


@case("WHL_RECORD_HASH", "bytes")
def size_changed():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(2, "7")
    return w.build()


@case("WHL_RECORD_HASH", "py.typed")
def empty_file_with_another_hash():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/py.typed").__setitem__(1, digest(b"x"))
    return w.build()


@case("WHL_RECORD_ABSENT", "pkg/gone.py")
def row_without_file():
    w = Wheel()
    w.edit = lambda rows: rows + [["pkg/gone.py", digest(b""), "0"]]
    return w.build()


@case("WHL_UNDECLARED", "pkg/more.py")
def file_without_row():
    w = Wheel()
    w.extra = [("pkg/more.py", b"import os\n")]
    return w.build()


@case("WHL_UNDECLARED", "pkg/empty.py")
def empty_file_without_row():
    w = Wheel()
    w.extra = [("pkg/empty.py", b"")]
    return w.build()


@case("WHL_UNDECLARED", "evil.pth")
def pth_without_row():
    w = Wheel()
    w.extra = [("evil.pth", b"import os; os.getcwd()\n")]
    return w.build()


@case("WHL_UNDECLARED", "INSTALLER")
def file_in_info_without_row():
    w = Wheel()
    w.extra = [(INFO + "INSTALLER", b"pip\n")]
    return w.build()


@case("WHL_UNDECLARED", "PKG/a.py")
def row_of_another_case():
    w = Wheel()
    w.extra = [("PKG/a.py", b"y = 2\n")]
    return w.build()


for _kind in ("md5", "sha1"):
    def _weak(kind=_kind):
        w = Wheel()
        w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, digest(w.files["pkg/a.py"], kind))
        return w.build()
    _weak.__name__ = f"digest_of_{_kind}"
    case("WHL_RECORD_WEAK", "pkg/a.py")(_weak)


@case("WHL_RECORD_HASH", "pkg/a.py")
def body_changed_under_sha512():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, digest(b"def main():\n    pasS\n", "sha512"))
    return w.build()


@case("WHL_RECORD_WEAK", "no digest")
def no_digest():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, "")
    return w.build()


@case("WHL_RECORD_BROKEN", "none that is known")
def unknown_digest():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, "crc32=AAAA")
    return w.build()


@case("WHL_RECORD_BROKEN", "none that is known")
def digest_in_hex():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(
        1, "sha256=" + hashlib.sha256(w.files["pkg/a.py"]).hexdigest())
    return w.build()


@case("WHL_RECORD_BROKEN", "padded")
def padded_digest():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, row(rows, "pkg/a.py")[1] + "=")
    return w.build()


@case("WHL_RECORD_BROKEN", "none that is known")
def truncated_digest():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(1, row(rows, "pkg/a.py")[1][:-4])
    return w.build()


@case("WHL_RECORD_BROKEN", "listed twice")
def row_twice():
    w = Wheel()
    w.edit = lambda rows: rows + [list(row(rows, "pkg/a.py"))]
    return w.build()


@case("WHL_RECORD_HASH", "pkg/a.py")
def second_row_says_something_else():
    w = Wheel()
    w.edit = lambda rows: rows + [["pkg/a.py", digest(b"z"), "1"]]
    return w.build()


@case("WHL_RECORD_BROKEN", "leads out")
def row_climbs():
    w = Wheel()
    w.edit = lambda rows: rows + [["../../bin/python", digest(b""), "0"]]
    return w.build()


@case("WHL_RECORD_BROKEN", "leads out")
def absolute_row():
    w = Wheel()
    w.edit = lambda rows: rows + [["/etc/passwd", digest(b""), "0"]]
    return w.build()


@case("WHL_RECORD_BROKEN", "leads out")
def row_of_a_drive():
    w = Wheel()
    w.edit = lambda rows: rows + [["C:\\Windows\\x.dll", digest(b""), "0"]]
    return w.build()


@case("WHL_RECORD_BROKEN", "fields")
def row_of_two_fields():
    w = Wheel()
    w.edit = lambda rows: rows + [["pkg/a.py", digest(b"")]]
    return w.build()


@case("WHL_RECORD_BROKEN", "fields")
def row_of_four_fields():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").append("x")
    return w.build()


@case("WHL_RECORD_BROKEN", "no number")
def size_in_words():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(2, "many")
    return w.build()


@case("WHL_RECORD_BROKEN", "not UTF-8")
def record_in_latin1():
    w = Wheel()
    w.rows = w.record() + b"pkg/\xe4.py,,\n"
    return w.build()


@case("WHL_RECORD_BROKEN", "NUL")
def record_with_nul():
    w = Wheel()
    w.rows = w.record() + b"pkg/x\0.py,,\n"
    return w.build()


@case("WHL_RECORD_BROKEN", "fields")
def quote_that_is_not_closed():
    w = Wheel()
    w.rows = b'"' + w.record()
    return w.build()


@case("WHL_UNDECLARED", "pkg/a.py")
def record_with_backslashes():
    w = Wheel()
    w.edit = lambda rows: row(rows, "pkg/a.py").__setitem__(0, "pkg\\a.py")
    return w.build()


@case("WHL_UNDECLARED", "pkg/__init__.py")
def record_with_a_mark_before_it():
    w = Wheel()
    w.rows = b"\xef\xbb\xbf" + w.record()
    return w.build()


@case("WHL_RECORD_HASH", "pkg/a.py")
def two_members_of_one_name():
    w = Wheel()
    w.extra = [("pkg/a.py", b"import evil\n")]
    return w.build()


@case("WHL_RECORD_BROKEN", "several ways")
def two_records():
    w = Wheel()
    w.extra = [(INFO + "RECORD", w.record() + b"pkg/more.py,,\n")]
    return w.build()


@case("WHL_RECORD_HASH", "pkg/a.py")
def first_member_of_two_is_another():
    w = Wheel()
    body = w.files.pop("pkg/a.py")
    w.files = {"pkg/b.py": b"", **w.files}
    w.extra = [("pkg/a.py", b"import evil\n"), ("pkg/a.py", body)]
    w.edit = lambda rows: rows + [["pkg/a.py", digest(body), str(len(body))]]
    return w.build()


@case("WHL_UNDECLARED", "RECORD.txt")
def almost_a_signature():
    w = Wheel()
    w.extra = [(INFO + "RECORD.txt", b"x")]
    return w.build()


@case("WHL_UNDECLARED", "RECORD.jws")
def signature_in_another_folder():
    w = Wheel()
    w.extra = [("pkg/RECORD.jws", b"x")]
    return w.build()


@case("WHL_UNDECLARED", "and more")
def very_many_undeclared():
    w = Wheel()
    w.extra = [(f"pkg/m{i}.py", b"x\n") for i in range(200)]
    return w.build()


# ---- METADATA, WHEEL, names ----

@case("WHL_METADATA", "there is none")
def no_metadata():
    return Wheel(metadata=None).build()


@case("WHL_RECORD_MISSING", "no .dist-info")
def nothing_that_describes_it():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        z.writestr("pkg/__init__.py", "import os\n")
    return NAME, out.getvalue()


@case("WHL_METADATA", "there is none")
def no_wheel_file():
    return Wheel(wheel=None).build()


@case("WHL_NAME", "other")
def name_of_another_project():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Name: other")).build()


@case("WHL_NAME", "1.1")
def version_of_another():
    return Wheel(metadata=METADATA.replace("Version: 1.0", "Version: 1.1")).build()


@case("WHL_NAME", "requests")
def file_renamed():
    return Wheel(name="requests-1.0-py3-none-any.whl").build()


@case("WHL_NAME", "folder")
def folder_of_another_version():
    return Wheel(info="pkg-0.9.dist-info/").build()


@case("WHL_NAME", "folder")
def folder_of_another_project():
    return Wheel(info="gkp-1.0.dist-info/").build()


@case("WHL_NAME", "1.0rc1")
def candidate_as_release():
    return Wheel(metadata=METADATA.replace("Version: 1.0", "Version: 1.0rc1")).build()


@case("WHL_METADATA", "more than once")
def two_names():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Name: pkg\nName: other")).build()


@case("WHL_METADATA", "more than once")
def two_versions():
    return Wheel(metadata=METADATA.replace("Version: 1.0", "Version: 1.0\nversion: 2.0")).build()


@case("WHL_METADATA", "no Name")
def metadata_without_name():
    return Wheel(metadata=METADATA.replace("Name: pkg\n", "")).build()


@case("WHL_METADATA", "no Version")
def metadata_without_version():
    return Wheel(metadata=METADATA.replace("\nVersion: 1.0", "")).build()


@case("WHL_METADATA", "not UTF-8")
def metadata_in_latin1():
    return Wheel(metadata=METADATA.encode() + b"Andr\xe9\n").build()


@case("WHL_METADATA", "not UTF-8")
def metadata_in_utf16():
    return Wheel(metadata=METADATA.encode("utf-16")).build()


@case("WHL_METADATA", "NUL")
def metadata_with_nul():
    return Wheel(metadata=METADATA.encode() + b"\0").build()


@case("WHL_METADATA", "byte order mark")
def metadata_with_mark():
    return Wheel(metadata=b"\xef\xbb\xbf" + METADATA.encode()).build()


@case("WHL_METADATA", "none of a project")
def name_with_a_blank():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Name: pkg requests")).build()


@case("WHL_METADATA", "carriage return")
def hidden_header():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Summary: x\rName: other\nName: pkg")).build()


@case("WHL_METADATA", "that is none")
def line_without_colon():
    return Wheel(metadata=METADATA.replace("Name: pkg", "oops\nName: pkg")).build()


@case("WHL_METADATA", "too long")
def very_long_header():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Summary: " + "x" * 400000 + "\nName: pkg")).build()


@case("WHL_METADATA", "not known")
def metadata_of_the_future():
    return Wheel(metadata=METADATA.replace("2.1", "9.0")).build()


@case("WHL_METADATA", "refuse")
def wheel_of_the_future():
    return Wheel(wheel=WHEEL.replace("Wheel-Version: 1.0", "Wheel-Version: 2.0")).build()


@case("WHL_METADATA", "no Tag")
def no_tag():
    return Wheel(wheel=WHEEL.replace("Tag: py3-none-any\n", "")).build()


@case("WHL_METADATA", "cp311-cp311-win_amd64")
def tag_of_another_platform():
    return Wheel(wheel=WHEEL.replace("py3-none-any", "cp311-cp311-win_amd64")).build()


@case("WHL_METADATA", "native")
def pure_and_native():
    return Wheel().put("pkg/fast.cpython-311-x86_64-linux-gnu.so", b"\x7fELF").build()


@case("WHL_METADATA", "several")
def two_info_folders():
    w = Wheel().put("other-2.0.dist-info/METADATA", METADATA)
    return w.build()


@case("WHL_METADATA", "several")
def two_wheels_in_one():
    w = Wheel().put("other-2.0.dist-info/METADATA", METADATA).put("other-2.0.dist-info/WHEEL", WHEEL)
    w.put("other-2.0.dist-info/RECORD", "")
    return w.build()


@case("WHL_METADATA", "not where")
def metadata_in_a_scheme():
    return Wheel().put("pkg-1.0.data/purelib/pip-99.dist-info/METADATA", METADATA).build()


@case("WHL_METADATA", "several ways")
def two_metadata():
    w = Wheel()
    w.extra = [(INFO + "METADATA", METADATA.replace("1.0", "2.0").encode())]
    return w.build()


# ---- where files land ----

@case("WHL_LANDS_OUTSIDE", "evil")
def member_climbs():
    return Wheel().put("../../evil.py").build()


@case("WHL_LANDS_OUTSIDE", "leaves")
def member_climbs_out_of_a_scheme():
    return Wheel().put("pkg-1.0.data/scripts/../../../evil").build()


@case("WHL_LANDS_OUTSIDE", "leaves")
def absolute_in_a_scheme():
    return Wheel().put("pkg-1.0.data/data//bin/python").build()


@case("WHL_LANDS_OUTSIDE", "not known")
def unknown_scheme():
    return Wheel().put("pkg-1.0.data/stdlib/os.py").build()


@case("WHL_LANDS_OUTSIDE", "no scheme")
def file_in_data_folder():
    return Wheel().put("pkg-1.0.data/x").build()


@case("WHL_NAME", "other-1.0.data")
def data_of_another():
    return Wheel().put("other-1.0.data/scripts/x").build()


for _path in ("bin/tool", "lib/python3.11/site-packages/evil.pth", "lib/python3.11/os.py",
              "etc/profile.d/x.sh", "Lib/site-packages/x.pth", "pyvenv.cfg", "usr/bin/x",
              "share/systemd/user/x.service", "LIB64/x.so"):
    def _lands(path=_path):
        return Wheel().put("pkg-1.0.data/data/" + path).build()
    _lands.__name__ = "data_onto_" + _path
    case("WHL_LANDS_OUTSIDE", _path)(_lands)

for _path in ("python", "python3", "python3.11", "pip", "pip3.12", "sh", "bash", "ls", "sudo", "git",
              "ssh", "Python.EXE", "curl", "activate", "pytest", "aws", "kubectl"):
    def _script(path=_path):
        return Wheel().put("pkg-1.0.data/scripts/" + path, "#!python\n").build()
    _script.__name__ = "script_" + _path
    case("WHL_SHADOWS", "bin/" + _path)(_script)


for _path in ("scripts/./python", "data/share/../bin/python", "scripts/x/../sh"):
    def _detour(path=_path):
        return Wheel().put("pkg-1.0.data/" + path).build()
    _detour.__name__ = "by_a_detour_" + _path
    case("WHL_SHADOWS", "bin/")(_detour)


@case("WHL_SHADOWS", "standard library")
def module_by_a_detour():
    return Wheel().put("./os.py").build()


@case("WHL_SHADOWS", "bin/python")
def data_onto_the_interpreter():
    return Wheel().put("pkg-1.0.data/data/bin/python").build()


for _path, _word in (("sitecustomize.py", "as it starts"), ("usercustomize/__init__.py", "as it starts"),
                     ("os.py", "standard library"), ("typing.py", "standard library"),
                     ("json/__init__.py", "standard library"), ("pip/__init__.py", "another project"),
                     ("setuptools/__init__.py", "another project"), ("requests/sessions.py", "another project"),
                     ("yaml/__init__.py", "another project"), ("six.py", "another project"),
                     ("ssl.cpython-311-x86_64-linux-gnu.so", "standard library"),
                     ("pkg-1.0.data/purelib/pip/__init__.py", "another project"),
                     ("pkg-1.0.data/platlib/socket.py", "standard library")):
    def _module(path=_path):
        return Wheel(wheel=WHEEL.replace("true", "false")).put(path).build()
    _module.__name__ = "module_" + _path
    case("WHL_SHADOWS", _word)(_module)


@case("WHL_SHADOWS", "another file")
def scheme_over_root():
    return Wheel().put("pkg-1.0.data/purelib/pkg/a.py", "import evil\n").build()


@case("WHL_SHADOWS", "bin/pip")
def entry_point_called_pip():
    return Wheel().put(INFO + "entry_points.txt", "[console_scripts]\npip = pkg.a:main\n").build()


@case("WHL_SHADOWS", "bin/sudo")
def gui_script_called_sudo():
    return Wheel().put(INFO + "entry_points.txt", "[x]\na=b\n[gui_scripts]\nsudo=pkg.a:main\n").build()


@case("WHL_LANDS_OUTSIDE", "none of a file")
def entry_point_that_climbs():
    return Wheel().put(INFO + "entry_points.txt", "[console_scripts]\n../../x = pkg.a:main\n").build()


@case("WHL_METADATA", "does not have")
def entry_point_of_nothing():
    return Wheel().put(INFO + "entry_points.txt", "[console_scripts]\nx = requests.api:get\n").build()


@case("WHL_METADATA", "MODULE:FUNCTION")
def broken_entry_point():
    return Wheel().put(INFO + "entry_points.txt", "[console_scripts]\nx\n").build()


@case("WHL_METADATA", "no function")
def entry_point_without_function():
    return Wheel().put(INFO + "entry_points.txt", "[console_scripts]\nx = pkg.a\n").build()


# ---- evasions of being seen as a wheel ----

@case("WHL_UNDECLARED", "schema.json")
def looks_like_something_else():
    w = Wheel()
    w.extra = [("schema.json", b"{}")]
    return w.build()


@case("WHL_UNDECLARED", "m/data.pkl")
def looks_like_a_model():
    w = Wheel()
    w.extra = [("m/data.pkl", b"\x80\x02}q\x00."), ("m/version", b"3\n")]
    return w.build()


# ---- sdists ----

@case("WHL_NAME", "folder")
def sdist_of_another_folder():
    return sdist(top="other-1.0")


@case("WHL_NAME", "file's name")
def sdist_of_another_name():
    return sdist(name="other-1.0.tar.gz")


@case("WHL_NAME", "pkg-1.1")
def sdist_of_another_version():
    return sdist(name="pkg-1.1.tar.gz", inner="pkg-1.0.tar")


@case("WHL_METADATA", "not UTF-8")
def sdist_in_latin1():
    return sdist(info=METADATA.encode() + b"\xe9")


@case("WHL_METADATA", "more than once")
def sdist_with_two_names():
    return sdist(info=METADATA.replace("Name: pkg", "Name: pkg\nName: gkp"))


# ---- what is odd and good ----

@fine
def plain():
    return Wheel().build()


@fine
def folders_have_members_too():
    w = Wheel()
    w.extra = [("pkg/", b""), (INFO, b"")]
    return w.build()


@fine
def signatures_beside_record():
    w = Wheel()
    w.extra = [(INFO + "RECORD.jws", b"{}"), (INFO + "RECORD.p7s", b"x")]
    return w.build()


@fine
def record_that_is_not_in_itself():
    w = Wheel()
    w.edit = lambda rows: [r for r in rows if not r[0].endswith("RECORD")]
    return w.build()


@fine
def record_with_windows_lines():
    w = Wheel()
    w.tail = "\r\n"
    return w.build()


@fine
def record_without_last_newline():
    w = Wheel()
    w.rows = w.record().rstrip(b"\n")
    return w.build()


@fine
def record_with_empty_lines():
    w = Wheel()
    w.rows = b"\n" + w.record() + b"\n\n"
    return w.build()


@fine
def quoted_paths():
    w = Wheel().put("pkg/a,b.txt").put('pkg/q"q.txt')
    w.edit = lambda rows: [['"' + r[0].replace('"', '""') + '"', *r[1:]] for r in rows]
    return w.build()


@fine
def sizes_left_out():
    w = Wheel()
    w.edit = lambda rows: [[r[0], r[1], ""] for r in rows]
    return w.build()


@fine
def sha512_and_sha384():
    w = Wheel()

    def edit(rows):
        row(rows, "pkg/a.py")[1] = digest(w.files["pkg/a.py"], "sha512")
        row(rows, "pkg/__init__.py")[1] = digest(w.files["pkg/__init__.py"], "sha384")
    w.edit = edit
    return w.build()


@fine
def names_beyond_ascii():
    return Wheel().put("pkg/grüße.txt").put("pkg/日本.txt").build()


@fine
def name_in_other_spellings():
    return Wheel(name="My_Pkg-1.0-py3-none-any.whl", info="my_pkg-1.0.dist-info/",
                 metadata=METADATA.replace("Name: pkg", "Name: my.PKG")).build()


@fine
def version_in_other_spellings():
    return Wheel(name="pkg-1.0rc1-py3-none-any.whl", info="pkg-1.0rc1.dist-info/",
                 metadata=METADATA.replace("Version: 1.0", "Version: 1.0.0-RC.1")).build()


@fine
def implicit_post_release():
    return Wheel(name="pkg-1.0.post1-py3-none-any.whl", info="pkg-1.0.post1.dist-info/",
                 metadata=METADATA.replace("Version: 1.0", "Version: 1.0-1")).build()


@fine
def local_version():
    return Wheel(name="pkg-1.0+cu121.x-py3-none-any.whl", info="pkg-1.0+cu121.x.dist-info/",
                 metadata=METADATA.replace("Version: 1.0", "Version: 1.0+cu121-x")).build()


@fine
def local_version_escaped():
    return Wheel(name="pkg-1.0_cu121-py3-none-any.whl", info="pkg-1.0_cu121.dist-info/",
                 metadata=METADATA.replace("Version: 1.0", "Version: 1.0+cu121")).build()


@fine
def build_number():
    return Wheel(name="pkg-1.0-2-py3-none-any.whl").build()


@fine
def several_tags():
    return Wheel(name="pkg-1.0-py2.py3-none-any.whl",
                 wheel=WHEEL + "Tag: py2-none-any\n").build()


@fine
def tag_with_dots_as_old_builders_have_it():
    return Wheel(name="pkg-1.0-py2.py3-none-any.whl",
                 wheel=WHEEL.replace("py3-none", "py2.py3-none")).build()


@fine
def renamed_to_no_wheel_name():
    w = Wheel(name="download.bin")
    return w.build()


@fine
def metadata_with_windows_lines():
    return Wheel(metadata=METADATA.replace("\n", "\r\n")).build()


@fine
def folded_headers():
    return Wheel(metadata=METADATA.replace("Name: pkg", "Description: a\n        b: c\n\tmore\nName: pkg")).build()


@fine
def body_that_looks_like_headers():
    return Wheel(metadata=METADATA + "Name: other\nVersion: 9\n").build()


@fine
def metadata_in_utf8():
    return Wheel(metadata=METADATA.replace("Words", "Wörter 日本 🙂")).build()


@fine
def jupyter_extension():
    return (Wheel().put("pkg-1.0.data/data/share/jupyter/kernels/x/kernel.json", "{}")
            .put("pkg-1.0.data/data/etc/jupyter/jupyter_server_config.d/x.json", "{}").build())


@fine
def examples_beside_python():
    return Wheel().put("pkg-1.0.data/data/python_examples/x.txt").build()


@fine
def man_page_and_headers():
    return (Wheel().put("pkg-1.0.data/data/share/man/man1/x.1")
            .put("pkg-1.0.data/headers/x.h").build())


@fine
def scripts_of_its_own():
    return (Wheel().put("pkg-1.0.data/scripts/pkg", "#!python\n")
            .put("pkg-1.0.data/scripts/pythonish", "#!python\n")
            .put("pkg-1.0.data/scripts/gitpkg", "#!python\n").build())


@fine
def native_in_platlib():
    w = Wheel(name="pkg-1.0-cp311-cp311-linux_x86_64.whl",
              wheel=WHEEL.replace("true", "false").replace("py3-none-any", "cp311-cp311-linux_x86_64"))
    return w.put("pkg/fast.cpython-311-x86_64-linux-gnu.so", b"x").build()


@fine
def pure_with_platlib_beside():
    return Wheel().put("pkg-1.0.data/platlib/pkg/fast.so", b"x").build()


@fine
def pip_itself():
    w = Wheel(name="pip-1.0-py3-none-any.whl", info="pip-1.0.dist-info/",
              metadata=METADATA.replace("Name: pkg", "Name: pip"))
    w.put("pip/__init__.py").put("pip/_internal/cli.py")
    return w.put("pip-1.0.dist-info/entry_points.txt",
                 "[console_scripts]\npip = pip._internal.cli:main\npip3.11 = pip._internal.cli:main\n").build()


@fine
def vendored_modules():
    return Wheel().put("pkg/_vendor/requests/__init__.py").put("pkg/os.py").put("pkg/six.py").build()


@fine
def backport_of_its_own_name():
    w = Wheel(name="dataclasses-1.0-py3-none-any.whl", info="dataclasses-1.0.dist-info/",
              metadata=METADATA.replace("Name: pkg", "Name: dataclasses"))
    return w.put("dataclasses.py").build()


@fine
def entry_points_of_many_kinds():
    return Wheel().put(INFO + "entry_points.txt",
                       "# words\n[console_scripts]\nx = pkg.a:main [extra]\ny=pkg:x\n\n"
                       "[pytest11]\nz = elsewhere.plugin\n").build()


@fine
def stubs_alone():
    w = Wheel(name="types_requests-1.0-py3-none-any.whl", info="types_requests-1.0.dist-info/",
              metadata=METADATA.replace("Name: pkg", "Name: types-requests"))
    return w.put("requests-stubs/__init__.pyi").build()


@fine
def wheel_within_a_wheel():
    return Wheel().put("pkg/_bundled/pkg-1.0-py3-none-any.whl", Wheel().build()[1]).build()


@fine
def compressed_file_within():
    return Wheel().put("pkg/a.py.gz", gzip.compress(b"other\n", mtime=0)).build()


@fine
def site_packages_zipped():
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as z:
        for n in ("a", "b"):
            z.writestr(f"{n}-1.0.dist-info/WHEEL", WHEEL)
            z.writestr(f"{n}-1.0.dist-info/METADATA", METADATA)
            z.writestr(f"{n}-1.0.dist-info/RECORD", "../../bin/x,,\n")
            z.writestr(f"{n}/__init__.py", "")
    return "lambda.zip", out.getvalue()


@fine
def plain_sdist():
    return sdist()


@fine
def sdist_in_old_spelling():
    return sdist(name="My-Pkg-1.0.tar.gz", top="My-Pkg-1.0", info=METADATA.replace("Name: pkg", "Name: my_pkg"))


@fine
def sdist_uncompressed():
    return sdist(name="pkg-1.0.tar", mode="tar")


@fine
def sdist_renamed():
    return sdist(name="source.tar.gz")


# ---- an sdist and its wheel ----

def pair(files=None, wheel=None, top=None):
    w = Wheel()
    for k, v in (wheel or {}).items():
        w.put(k, v)
    name, body = sdist(files=files)
    return [(name, body), w.build()]


PAIRS = [
    ("the same sources", pair(), None),
    ("sources below src/", [sdist(files={"src/pkg/b.py": "z = 1\n"}), Wheel().put("pkg/b.py", "z = 1\n").build()], None),
    ("lines that end as on Windows", pair(wheel={"pkg/a.py": "def main():\r\n    pass\r\n"}), None),
    ("an empty module more", pair(wheel={"pkg/e.py": ""}), None),
    ("a module more", pair(wheel={"pkg/evil.py": "import os\n"}), "none of this name"),
    ("a module of other content", pair(wheel={"pkg/a.py": "import os\n"}), "another of this name"),
    ("a module through a scheme", pair(wheel={"pkg-1.0.data/purelib/evil.py": "import os\n"}), "none of this name"),
    ("a module that a name only ends like", pair(files={"xpkg/evil.py": "1\n"}, wheel={"pkg/evil.py": "2\n"}), "none of this name"),
    ("a version that builds make", pair(wheel={"pkg/_version.py": "v = 1\n"}), "made"),
    ("a module of a template", pair(files={"pkg/c.py.in": "v = @V@\n"}, wheel={"pkg/c.py": "v = 1\n"}), "made"),
]

PAIRS.append(("an sdist of another version", [sdist(name="pkg-2.0.tar.gz", top="pkg-2.0", info=METADATA.replace("Version: 1.0", "Version: 2.0")),
                                              Wheel().put("pkg/evil.py", "1\n").build()], None))


# ---- running ----

def facts_of(folder, files):
    """The facts of each of the files, by one process."""
    paths = []
    for i, (name, body) in enumerate(files):
        path = folder / str(i) / name
        path.parent.mkdir()
        path.write_bytes(body)
        paths.append(str(path))
    done = subprocess.run([FACTS, *paths], capture_output=True, timeout=120)
    lines = done.stdout.decode("utf-8", "backslashreplace").splitlines()
    if done.returncode or len(lines) != len(files):
        print("# " + done.stderr.decode(errors="replace")[-2000:])
    return [[f for f in json.loads(line)["facts"] if f["kind"].startswith(("WHL_", "SDIST_"))]
            for line in lines]


# ---- through the gate: what a user sees ----

PLAIN, ALONE = Wheel().build(), Wheel().put("pkg/evil.py", "import os\n").build()

# What is in the folder, what is named (empty: the folder), and what must differ from its sdist.
GATE = [
    ("a folder, the wheel first", [ALONE, sdist()], [], [ALONE[0]]),
    ("two paths, the wheel first", [ALONE, sdist()], [ALONE[0], "pkg-1.0.tar.gz"], [ALONE[0]]),
    ("two paths, the sdist first", [ALONE, sdist()], ["pkg-1.0.tar.gz", ALONE[0]], [ALONE[0]]),
    ("the wheel alone", [ALONE, sdist()], [ALONE[0]], []),
    ("the same sources", [PLAIN, sdist()], [], []),
    ("two wheels of one sdist",
     [ALONE, ("pkg-1.0-cp311-cp311-linux_x86_64.whl", ALONE[1]), sdist()], [],
     ["pkg-1.0-cp311-cp311-linux_x86_64.whl", ALONE[0]]),
    ("an sdist that is none", [ALONE, ("pkg-1.0.tar.gz", b"nothing")], [], []),
    ("a folder called as an sdist", [ALONE, ("pkg-1.0.tar.gz/x.txt", b"nothing")], [], []),
    ("many files between them",
     [ALONE, *[(f"pkg-1.0-x{i}.txt", b"words\n") for i in range(200)], sdist()], [], [ALONE[0]]),
    ("too many files between them",
     [ALONE, *[(f"pkg-1.0-x{i}.txt", b"words\n") for i in range(300)], sdist()], [],
     ["pkg-1.0.tar.gz"]),
]


def scan(folder, files, named):
    for name, body in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(body)
    done = subprocess.run([PROGRAM, "scan", "--format", "json",
                           *([str(folder / n) for n in named] or [str(folder)])],
                          capture_output=True, timeout=120)
    return json.loads(done.stdout)["artifacts"]


def gate_cases(folder):
    """(whether it went well, what, facts that it is about) of each case."""
    for i, (what, files, named, differ) in enumerate(GATE):
        got = scan(folder / str(i), files, named)
        order = [pathlib.Path(a["path"]).name for a in got]
        told = [pathlib.Path(a["path"]).name for a in got
                if any(f["rule"] == "PKG211" for f in a["findings"])]
        yield told == differ and order == (named or sorted(order)), f"gate: {what}", []
    for what, fn in (("a model", looks_like_a_model), ("skops", looks_like_something_else)):
        got = scan(folder / what, [fn()], [])
        yield got[0]["policy"] == "upload", f"gate: a wheel that looks like {what}", []


def show(facts):
    return "; ".join(f"{f['kind']} {f['where']}:{f['line']} {f['subject']}: {f['detail']}" for f in facts[:5])


def main():
    if not os.path.exists(FACTS):
        print(f"ok 1 - wheels # SKIP {FACTS} is not built\n1..1")
        return 0
    results = []
    with tempfile.TemporaryDirectory(prefix="pratique-test-") as name:
        folder = pathlib.Path(name)
        for part in ("bad", "good", "pairs"):
            (folder / part).mkdir()
        got = facts_of(folder / "bad", [fn() for _, fn, _, _ in bad])
        for (what, _, kind, word), facts in zip(bad, got):
            hit = any(f["kind"] == kind and word in " ".join((f["where"], f["subject"], f["detail"]))
                      for f in facts)
            results.append((hit, f"bad: {what}", facts))
        for (what, _), facts in zip(good, facts_of(folder / "good", [fn() for _, fn in good])):
            results.append((not facts, f"good: {what}", facts))
        if os.path.exists(PROGRAM):
            results += gate_cases(folder / "gate")
        for i, (what, files, word) in enumerate(PAIRS):
            (folder / "pairs" / str(i)).mkdir()
            facts = [f for f in facts_of(folder / "pairs" / str(i), files)[-1] if f["kind"] == "SDIST_DIFFERS"]
            if word == "made":
                ok = len(facts) == 1 and not facts[0]["flags"]
            else:
                ok = len(facts) == (word is not None) and all(word in f["detail"] and f["flags"] for f in facts)
            results.append((ok, f"sdist and wheel: {what}", facts))
    for n, (ok, what, facts) in enumerate(results, 1):
        if not ok:
            print("# " + (show(facts) or "no fact"))
        print(f"{'ok' if ok else 'not ok'} {n} - wheel cases: {what}")
    print(f"1..{len(results)}")
    return 0 if all(ok for ok, _, _ in results) else 1


if __name__ == "__main__":
    sys.exit(main())
