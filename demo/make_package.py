#!/usr/bin/env python3
"""Makes wheels whose library is not in them: fathom fetches it on import, on the word of a manifest
that lies beside it; fathom_pinned holds it against a digest of its own. Neither is ever run.
Usage: make_package.py FOLDER
"""
import base64
import hashlib
import pathlib
import sys
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent

PINNED = '''"""Fetches the library on first import, and loads it when it is the one that is meant."""

import ctypes
import hashlib
import os
import tempfile
import urllib.request

URL = "https://downloads.example.org/fathom/1.0/libfathom.so"
SHA256 = "6b86b273ff34fce19d6b804eff5a3f5747ada4eaa22f1d49c01e52ddb7875b4b"


def _library():
    if os.environ.get("FATHOM_OFFLINE"):
        raise ImportError(f"offline: {URL} (SHA-256 {SHA256}) is needed")
    with urllib.request.urlopen(URL, timeout=20) as answer:
        body = answer.read()
    if hashlib.sha256(body).hexdigest() != SHA256:
        raise ImportError(f"{URL} is not what was published")
    with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as file:
        file.write(body)
    return file.name


_lib = ctypes.CDLL(_library())
'''


def members(name, files):
    """Its members: with a true RECORD, and the same each time."""
    info = f"{name}-1.0.dist-info"
    files = dict(files)
    files[f"{info}/METADATA"] = f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n".encode()
    files[f"{info}/WHEEL"] = b"Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
    rows = [f"{f},sha256={base64.urlsafe_b64encode(hashlib.sha256(b).digest()).decode().rstrip('=')},{len(b)}"
            for f, b in files.items()]
    files[f"{info}/RECORD"] = "\n".join([*rows, f"{info}/RECORD,,", ""]).encode()
    return files


def write(folder, name, files):
    with zipfile.ZipFile(pathlib.Path(folder) / f"{name}-1.0-py3-none-any.whl", "w") as archive:
        for member, body in members(name, files).items():
            archive.writestr(zipfile.ZipInfo(member, (2026, 1, 1, 0, 0, 0)), body)


def main():
    before = ROOT / "examples/native-package/before"
    write(sys.argv[1], "fathom", {str(f.relative_to(before)): f.read_bytes()
                                  for f in sorted(before.glob("fathom/*.py"))})
    write(sys.argv[1], "fathom_pinned", {"fathom_pinned/__init__.py": PINNED.encode()})


if __name__ == "__main__":
    main()
