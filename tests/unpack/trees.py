"""What an archive holds as Python's own modules read it, and what lies on the disk."""
import bz2
import gzip
import io
import lzma
import os
import shutil
import stat
import subprocess
import tarfile
import zipfile


class Unreadable(Exception):
    """Nothing here reads it."""


def unpacked(data):
    """Without its compression."""
    if data[:2] == b"\x1f\x8b":
        return gzip.decompress(data)
    if data[:3] == b"BZh":
        return bz2.decompress(data)
    if data[:6] == b"\xfd7zXZ\0":
        return lzma.decompress(data)
    if data[:4] == b"\x28\xb5\x2f\xfd" or data[1:4] == b"\x2a\x4d\x18":
        if not shutil.which("zstd"):
            raise Unreadable("zstd is not installed")
        return subprocess.run(["zstd", "-dcq"], input=data, stdout=subprocess.PIPE, check=True).stdout
    return data


def zip_tree(path):
    out = {}
    with zipfile.ZipFile(path) as z:
        for info in z.infolist():
            name = info.filename
            if info.create_system == 3 and not info.flag_bits & 0x800:
                name = name.encode("cp437").decode()
            add(out, os.path.normpath(name), None if name.endswith("/") else z.read(info))
    return out


def tar_tree(path):
    out = {}
    with open(path, "rb") as f:
        data = unpacked(f.read())
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:") as t:
        for m in t:
            name = os.path.normpath(m.name)
            if name == ".":
                continue
            if m.issym():
                add(out, name, ("link", m.linkname))
            else:
                add(out, name, None if m.isdir() else t.extractfile(m).read())
    return out


def add(out, name, what):
    parts = name.split("/")
    for n in range(1, len(parts)):
        out.setdefault("/".join(parts[:n]), None)
    if what is not None or name not in out:
        out[name] = what


def expected(path):
    """path -> bytes of a file, ("link", target), None for a folder"""
    return zip_tree(path) if zipfile.is_zipfile(path) else tar_tree(path)


def on_disk(root):
    out = {}
    for here, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(here, name)
            rel = os.path.relpath(path, root)
            if os.path.islink(path):
                out[rel] = ("link", os.readlink(path))
            elif os.path.isdir(path):
                out[rel] = None
            elif os.path.isfile(path):
                with open(path, "rb") as f:
                    out[rel] = f.read()
            else:
                out[rel] = ("special",)
    return out


def modes(root):
    """Paths whose mode hands out more than it should, or that its owner cannot read."""
    bad = []
    for here, folders, files in os.walk(root):
        for name in folders + files:
            path = os.path.join(here, name)
            st = os.lstat(path)
            if stat.S_ISLNK(st.st_mode):
                continue
            mode = stat.S_IMODE(st.st_mode)
            need = 0o500 if stat.S_ISDIR(st.st_mode) else 0o400
            if mode & 0o7022 or mode & need != need or st.st_uid != os.geteuid():
                bad.append("%s has mode %o" % (os.path.relpath(path, root), mode))
    return bad


def differences(want, got):
    out = []
    for name in sorted(set(want) | set(got)):
        if name not in got:
            out.append(name + " is missing")
        elif name not in want:
            out.append(name + " is too many")
        elif want[name] != got[name]:
            out.append(name + " differs")
    return out
