#!/usr/bin/env python3
"""Builds the wheels of hostile.txt and innocent.txt, and the broken ones made here.

    make_wheels.py FOLDER [--python PROGRAM] [NAME...]

The same bytes every time, for the same interpreter and compiler. Byte-code is compiled by the
interpreter that is named, extension modules by cc against its headers; a wheel that needs what
is not there is left out. Nothing here is run. Prints one "NAME<TAB>FILE" for each wheel.
"""
import argparse
import base64
import hashlib
import io
import os
import pathlib
import platform
import re
import shutil
import struct
import subprocess
import sys
import tarfile
import tempfile
import zipfile
import zlib

HERE = pathlib.Path(__file__).resolve().parent
DATE = (2026, 5, 12, 10, 20, 30)
LINK = 0o120777


class Missing(Exception):
    """What a wheel needs is not here."""


class Builder:
    def __init__(self, python):
        self.python = python
        self._include = None

    def include(self):
        """The folder of the interpreter's headers."""
        if self._include is None:
            self._include = self.ask("import sysconfig; print(sysconfig.get_paths()['include'])")
        if not os.path.exists(os.path.join(self._include, "Python.h")):
            raise Missing(f"no Python.h in {self._include}")
        return self._include

    def ask(self, code, data=None):
        out = subprocess.run([self.python, "-I", "-c", code], input=data, check=True,
                             stdout=subprocess.PIPE).stdout
        return out if data is not None else out.decode().strip()

    def bytecode(self, source):
        """A .pyc that no clock is in: checked by nothing (PEP 552)."""
        code = ("import sys, marshal, importlib.util as u; "
                "sys.stdout.buffer.write(u.MAGIC_NUMBER + b'\\1\\0\\0\\0' + b'\\0' * 8 + "
                "marshal.dumps(compile(sys.stdin.buffer.read(), 'hidden.py', 'exec')))")
        return self.ask(code, source)

    def native(self, source):
        if not shutil.which("cc"):
            raise Missing("no C compiler")
        flags = ["-O1", "-fPIC", "-shared", "-s", "-pthread", "-Wl,--build-id=none"]
        if b"Python.h" in source:
            flags += ["-DPy_LIMITED_API=0x03090000", "-I", self.include()]
        with tempfile.TemporaryDirectory() as d:
            (pathlib.Path(d) / "m.c").write_bytes(source)
            subprocess.run(["cc", *flags, "-o", "m.so", "m.c"], cwd=d, check=True)
            return (pathlib.Path(d) / "m.so").read_bytes()


def read_cases(path):
    """name -> {path: text}, in the order of the file."""
    cases, files, at = {}, None, None
    for line in path.read_text().splitlines(keepends=True):
        if line.startswith("=== "):
            name = line[4:].strip()
            if name in cases:
                raise SystemExit(f"{path.name}: {name} is there twice")
            files = cases[name] = {}
            at = None
        elif files is None:
            continue  # the remark at the top
        elif line.startswith("--- "):
            at = line[4:].strip()
            files[at] = ""
        elif at is None and line.strip():
            at = f"{name}/__init__.py"
            files[at] = line
        elif at is not None:
            files[at] += line
    return {n: {p: t.rstrip("\n") + "\n" if t.strip() else "" for p, t in f.items()}
            for n, f in cases.items()}


def zip_bytes(files, modes=None):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as z:
        for path, data in files:
            info = zipfile.ZipInfo(path, DATE)
            info.compress_type = zipfile.ZIP_DEFLATED
            mode = (modes or {}).get(path, 0o100755 if path.endswith((".so", ".sh")) else 0o100644)
            info.external_attr = mode << 16
            info.create_system = 3
            z.writestr(info, data)
    return out.getvalue()


def digest(data):
    return "sha256=" + base64.urlsafe_b64encode(hashlib.sha256(data).digest()).decode().rstrip("=")


def record(files, info):
    rows = [f"{p},{digest(d)},{len(d)}\n" for p, d in files]
    return "".join(rows + [f"{info}/RECORD,,\n"]).encode()


def wheel_files(name, files, tag="py3-none-any"):
    """All members of a wheel, RECORD last."""
    info = f"{name}-1.0.dist-info"
    files = dict(files)
    files.setdefault(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode())
    files.setdefault(f"{info}/WHEEL", ("Wheel-Version: 1.0\nGenerator: tests 1.0\n"
                                       f"Root-Is-Purelib: {str(tag.endswith('any')).lower()}\nTag: {tag}\n").encode())
    files = list(files.items())
    return files + [(f"{info}/RECORD", record(files, info))]


def contents(texts, build):
    """{path: text} of a case -> {path: bytes}, and whether anything is native."""
    out, inner, native = {}, {}, False
    for path, text in texts.items():
        data = text.encode()
        if path.endswith(".c"):
            suffix = ".abi3.so" if b"Python.h" in data else ".so"
            path, data, native = path[:-2] + suffix, build.native(data), True
        elif path.endswith(".pyc"):
            data = build.bytecode(data)
        if "!" in path:
            archive, member = path.split("!")
            inner.setdefault(archive, []).append((member, data))
        else:
            out[path] = data
    out.update((archive, zip_bytes(members)) for archive, members in inner.items())
    return out, native


def make(name, texts, build):
    """(file name, bytes) of a case."""
    files, native = contents(texts, build)
    tag = f"cp39-abi3-linux_{platform.machine()}" if native else "py3-none-any"
    return f"{name}-1.0-{tag}.whl", zip_bytes(wheel_files(name, files, tag))


# ---- broken ones: each a function of its name that returns (file name, bytes) ----

BROKEN = []


def broken(fn):
    BROKEN.append(fn)
    return fn


def good(name, files=None, tag="py3-none-any", modes=None, change=lambda members: members):
    files = files or {f"{name}/__init__.py": b"x = 1\n"}
    return f"{name}-1.0-{tag}.whl", zip_bytes(change(wheel_files(name, files, tag)), modes)


def edit(made, fn):
    data = bytearray(made[1])
    fn(data)
    return made[0], bytes(data)


def member_at(data, member):
    """Offsets of the local and the central header of a member."""
    name = member.encode()
    local = next(m.start() for m in re.finditer(b"PK\3\4", data)
                 if data[m.start() + 30:m.start() + 30 + len(name)] == name)
    central = next(m.start() for m in re.finditer(b"PK\1\2", data)
                   if data[m.start() + 46:m.start() + 46 + len(name)] == name)
    return local, central


@broken
def empty_file():
    return "empty_file-1.0-py3-none-any.whl", b""


@broken
def not_a_zip():
    return "not_a_zip-1.0-py3-none-any.whl", b"#!/bin/sh\nid\n" * 50


@broken
def truncated():
    name, data = good("truncated")
    return name, data[:len(data) * 2 // 3]


@broken
def truncated_directory():
    name, data = good("truncated_directory")
    return name, data[:-30]


@broken
def wrong_crc():
    def fn(data):
        local, central = member_at(data, "wrong_crc/__init__.py")
        for at in (local + 14, central + 16):
            data[at:at + 4] = struct.pack("<I", 0x12345678)
    return edit(good("wrong_crc"), fn)


@broken
def broken_deflate():
    def fn(data):
        local, _ = member_at(data, "broken_deflate/__init__.py")
        start = local + 30 + len("broken_deflate/__init__.py")
        data[start:start + 4] = b"\xff" * 4
    return edit(good("broken_deflate", {"broken_deflate/__init__.py": b"x = 1\n" * 100}), fn)


@broken
def encrypted():
    def fn(data):
        local, central = member_at(data, "encrypted/__init__.py")
        data[local + 6] |= 1
        data[central + 8] |= 1
    return edit(good("encrypted"), fn)


@broken
def names_disagree():
    def fn(data):
        local, _ = member_at(data, "names_disagree/a.py")
        data[local + 30:local + 49] = b"names_disagree/b.py"
    return edit(good("names_disagree", {"names_disagree/__init__.py": b"", "names_disagree/a.py": b"x = 1\n"}), fn)


def escaping(name, path):
    return good(name, {f"{name}/__init__.py": b"x = 1\n", path: b"pratique was here\n"})


@broken
def dotdot_name():
    return escaping("dotdot_name", "../../../../../../tmp/pratique-escaped")


@broken
def dotdot_inside():
    return escaping("dotdot_inside", "dotdot_inside/../../../../../../../tmp/pratique-escaped")


@broken
def absolute_name():
    return escaping("absolute_name", "/tmp/pratique-escaped")


@broken
def dotdot_in_data():
    return escaping("dotdot_in_data", "dotdot_in_data-1.0.data/scripts/../../../../../../tmp/pratique-escaped")


@broken
def symlink_member():
    return good("symlink_member", {"symlink_member/__init__.py": b"x = 1\n", "symlink_member/etc": b"/etc"},
                modes={"symlink_member/etc": LINK})


@broken
def symlink_then_through_it():
    return good("symlink_then_through_it",
                {"symlink_then_through_it/__init__.py": b"x = 1\n", "symlink_then_through_it/t": b"/tmp",
                 "symlink_then_through_it/t/pratique-escaped": b"pratique was here\n"},
                modes={"symlink_then_through_it/t": LINK})


@broken
def device_member():
    return good("device_member", {"device_member/__init__.py": b"x = 1\n", "device_member/null": b""},
                modes={"device_member/null": 0o020666})


@broken
def twice_the_same_name():
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return good("twice_the_same_name", change=lambda m: m[:1] + [(m[0][0], b"import os; os.system('id')\n")] + m[1:])


@broken
def file_and_folder():
    return good("file_and_folder", {"file_and_folder/__init__.py": b"x = 1\n", "file_and_folder/__init__.py/x.py": b""})


@broken
def record_mismatch():
    return good("record_mismatch", change=lambda m: [(m[0][0], b"x = 2\n")] + m[1:])


@broken
def record_lacks_a_file():
    return good("record_lacks_a_file",
                change=lambda m: m[:-1] + [("record_lacks_a_file/extra.py", b"y = 1\n"), m[-1]])


@broken
def record_names_what_is_not_there():
    return good("record_names_what_is_not_there", change=lambda m: m[:-1] + [
        (m[-1][0], b"record_names_what_is_not_there/gone.py,sha256=" + b"A" * 43 + b",7\n" + m[-1][1])])


@broken
def no_record():
    return good("no_record", change=lambda m: m[:-1])


@broken
def no_dist_info():
    return good("no_dist_info", change=lambda m: [x for x in m if "dist-info" not in x[0]])


@broken
def no_wheel_file():
    return good("no_wheel_file", change=lambda m: [x for x in m if not x[0].endswith("/WHEEL")])


@broken
def two_dist_infos():
    return good("two_dist_infos", change=lambda m: [("other-2.0.dist-info/METADATA", b"Name: other\n"),
                                                   ("other-2.0.dist-info/WHEEL", b"Wheel-Version: 1.0\n"),
                                                   ("other-2.0.dist-info/RECORD", b"")] + m)


@broken
def dist_info_of_another():
    name, data = good("another")
    return name.replace("another", "dist_info_of_another"), data


@broken
def wheel_version_2():
    return good("wheel_version_2", {"wheel_version_2/__init__.py": b"x = 1\n",
                                    "wheel_version_2-1.0.dist-info/WHEEL": b"Wheel-Version: 2.0\nTag: py3-none-any\n"})


@broken
def foreign_platform():
    return good("foreign_platform", tag="cp311-cp311-win_amd64")


@broken
def foreign_machine():
    return good("foreign_machine", tag="py3-none-manylinux2014_s390x")


@broken
def foreign_python():
    return good("foreign_python", tag="cp27-cp27mu-linux_x86_64")


@broken
def bad_name():
    return "bad_name.whl", good("bad_name")[1]


@broken
def sdist():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w:gz", format=tarfile.PAX_FORMAT) as t:
        for path, data in (("sdist-1.0/setup.py", b"from setuptools import setup\nsetup(name='sdist')\n"),
                           ("sdist-1.0/PKG-INFO", b"Metadata-Version: 2.1\nName: sdist\nVersion: 1.0\n")):
            member = tarfile.TarInfo(path)
            member.size = len(data)
            t.addfile(member, io.BytesIO(data))
    data = bytearray(out.getvalue())
    data[4:8] = b"\0" * 4  # the clock that gzip writes
    return "sdist-1.0.tar.gz", bytes(data)


@broken
def zip_bomb():
    """100 members of 256 MB each, all zeros: made by hand, for the same deflated bytes serve all."""
    size = 256 << 20
    z, crc, block = zlib.compressobj(9, zlib.DEFLATED, -15), 0, bytes(1 << 20)
    packed = b""
    for _ in range(size >> 20):
        packed, crc = packed + z.compress(block), zlib.crc32(block, crc)
    packed += z.flush()
    body, central, n = b"", b"", 0

    def put(name, raw, data, crc, size, method):
        nonlocal body, central, n
        head = struct.pack("<HHHHHIIIHH", 20, 0, method, 0, 0x5cac, crc, len(data), size, len(name), 0)
        central += (b"PK\1\2" + struct.pack("<H", 0x314) + head[:26] + struct.pack(
            "<HHHII", 0, 0, 0, 0o100644 << 16, len(body)) + name)
        body += b"PK\3\4" + head + name + data
        n += 1

    for path, data in wheel_files("zip_bomb", {"zip_bomb/__init__.py": b"x = 1\n"}):
        put(path.encode(), data, data, zlib.crc32(data), len(data), 0)
    for i in range(100):
        put(b"zip_bomb/d%02d.bin" % i, None, packed, crc, size, 8)
    end = b"PK\5\6" + struct.pack("<HHHHIIH", 0, 0, n, n, len(central), len(body), 0)
    return "zip_bomb-1.0-py3-none-any.whl", body + central + end


@broken
def too_many_members():
    files = {f"too_many_members/d{i // 1000}/f{i}.txt": b"" for i in range(150000)}
    files["too_many_members/__init__.py"] = b""
    return good("too_many_members", files)


def build_all(folder, python, only=(), kinds=("hostile", "innocent", "broken")):
    """name -> (kind, path or None, why it is left out)."""
    build, made = Builder(python), {}
    todo = [(k, n, lambda n=n, t=t: make(n, t, build)) for k in kinds if k != "broken"
            for n, t in read_cases(HERE / f"{k}.txt").items()]
    todo += [("broken", fn.__name__, fn) for fn in BROKEN if "broken" in kinds]
    for kind, name, fn in todo:
        if only and name not in only:
            continue
        try:
            file, data = fn()
            path = pathlib.Path(folder) / file
            path.write_bytes(data)
            made[name] = (kind, path, "")
        except Missing as e:
            made[name] = (kind, None, str(e))
    return made


def main():
    arg = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    arg.add_argument("folder")
    arg.add_argument("--python", default=sys.executable)
    arg.add_argument("name", nargs="*")
    opt = arg.parse_args()
    os.makedirs(opt.folder, exist_ok=True)
    for name, (_, path, why) in build_all(opt.folder, opt.python, opt.name).items():
        print(f"{name}\t{path or '# ' + why}")


if __name__ == "__main__":
    main()
