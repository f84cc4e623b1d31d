"""Sdists: the lock goes in, what it names stays out."""

from __future__ import annotations

import gzip
import io
import tarfile
from pathlib import Path

from pratique import _wheel


def rewrite(inner: Path, out: Path, lock_file: Path, without: set[str]) -> None:
    """Writes the sdist at out as it is, or anew when the lock is missing or a file of without is in
    it. lock_file and without are paths in the source tree.
    """
    with tarfile.open(inner, "r:gz") as sdist:
        names = sdist.getnames()
        top = names[0].split("/")[0] if names else ""
        lock = f"{top}/{lock_file.as_posix()}"
        unwanted = {f"{top}/{name}" for name in without}
        with _wheel.replacing(out) as to:
            if lock in names and not unwanted.intersection(names):
                with open(inner, "rb") as source:
                    _wheel.copy(source, to)
                return
            with gzip.GzipFile("", "wb", 9, to, mtime=_wheel.source_date()) as packed, \
                    tarfile.open(fileobj=packed, mode="w", format=tarfile.PAX_FORMAT) as new:
                _copy(sdist, new, unwanted | {lock})
                _add(new, lock, lock_file.read_bytes())


def _copy(sdist: tarfile.TarFile, new: tarfile.TarFile, without: set[str]) -> None:
    for member in sdist.getmembers():
        if member.name not in without:
            new.addfile(member, sdist.extractfile(member) if member.isreg() else None)


def _add(new: tarfile.TarFile, name: str, data: bytes) -> None:
    info = tarfile.TarInfo(name)
    info.size, info.mode, info.mtime = len(data), 0o644, _wheel.source_date()
    new.addfile(info, io.BytesIO(data))
