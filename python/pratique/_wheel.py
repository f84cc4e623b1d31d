"""Writes wheels: the same bytes for the same content, RECORD true, whole or not at all.

A wheel is written under a temporary name beside its final one and renamed when it is complete.
Dates are SOURCE_DATE_EPOCH or 1980; files come in the order of their names, .dist-info last.
"""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import secrets
import shutil
import time
import zipfile
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, Callable, Iterable, Iterator, NamedTuple, Optional

_CHUNK = 1 << 20
_FIRST_DATE = 315532800  # 1980-01-01: zip files have no earlier one
_LAST_DATE = 4354819198  # 2107-12-31
_FILE_NAME = re.compile(r"([^-]+)-([^-]+)(?:-(\d[^-]*))?-([^-]+)-([^-]+)-([^-]+)\.whl")


class WheelError(ValueError):
    """The wheel is not one, or what goes into it is not what it should be."""


class Pin(NamedTuple):
    """What a file must be."""

    sha256: str
    size: int


class Member(NamedTuple):
    """A file of a wheel: open() gives its bytes anew each time."""

    name: str
    open: Callable[[], BinaryIO]
    size: int
    executable: bool = False
    pin: Optional[Pin] = None


class FileName(NamedTuple):
    """The parts of a wheel's file name; build is "" when there is none."""

    name: str
    version: str
    build: str
    python: str
    abi: str
    platform: str

    def __str__(self) -> str:
        return "-".join(part for part in self if part) + ".whl"

    @property
    def dist_info(self) -> str:
        """The folder of the metadata."""
        return f"{self.name}-{self.version}.dist-info"


def parse_name(file_name: str) -> FileName:
    """The parts. Raises WheelError."""
    m = _FILE_NAME.fullmatch(file_name)
    if not m:
        raise WheelError(f"{file_name}: not the name of a wheel")
    return FileName(m[1], m[2], m[3] or "", m[4], m[5], m[6])


def source_date() -> int:
    """Seconds since 1970 for what is written: SOURCE_DATE_EPOCH, or 1980-01-01."""
    text = os.environ.get("SOURCE_DATE_EPOCH", "")
    if not text:
        return _FIRST_DATE
    if not re.fullmatch(r"\d{1,15}", text, re.ASCII):
        raise WheelError(f"SOURCE_DATE_EPOCH: {text!r} is not a number of seconds")
    return min(max(int(text), _FIRST_DATE), _LAST_DATE)


def from_bytes(name: str, data: bytes) -> Member:
    """A member that holds these bytes."""
    return Member(name, lambda: io.BytesIO(data), len(data))


def from_file(name: str, path: Path, executable: bool = False, pin: Optional[Pin] = None) -> Member:
    """A member that holds what is in the file when it is written."""
    return Member(name, lambda: open(path, "rb"), path.stat().st_size, executable, pin)


def members(wheel: zipfile.ZipFile) -> list[Member]:
    """The files of an open wheel. Raises WheelError for a name that comes twice."""
    found: dict[str, Member] = {}
    for info in wheel.infolist():
        if info.is_dir():
            continue
        if info.filename in found:
            raise WheelError(f"{wheel.filename}: {info.filename} is in it twice")
        if "\\" in info.filename or not {"", ".", ".."}.isdisjoint(info.filename.split("/")):
            raise WheelError(f"{wheel.filename}: {info.filename!r} leads out of it")
        found[info.filename] = Member(info.filename, _opener(wheel, info), info.file_size,
                                      bool(info.external_attr >> 16 & 0o111))
    return list(found.values())


def _opener(wheel: zipfile.ZipFile, info: zipfile.ZipInfo) -> Callable[[], BinaryIO]:
    return lambda: wheel.open(info)  # type: ignore[return-value]


def read(member: Member) -> bytes:
    """All of a member, which is small."""
    with member.open() as file:
        return file.read()


def retag(text: bytes, name: FileName) -> bytes:
    """The file WHEEL for these tags: what it says beside them is kept."""
    kept = [line for line in text.decode("utf-8").splitlines()
            if line and not re.match(r"(Tag|Root-Is-Purelib) *:", line, re.I)]
    kept.append(f"Root-Is-Purelib: {'true' if name.platform == 'any' else 'false'}")
    kept += [f"Tag: {python}-{abi}-{platform}" for python in name.python.split(".")
             for abi in name.abi.split(".") for platform in name.platform.split(".")]
    return ("\n".join(kept) + "\n").encode()


def write(folder: Path, name: FileName, content: Iterable[Member]) -> str:
    """Writes the wheel into the folder, with a RECORD of its own; its file name. A member that is
    not what its pin says is a WheelError, and then there is no wheel.
    """
    record = name.dist_info + "/RECORD"
    for_record = {record, record + ".jws", record + ".p7s"}  # signatures of another RECORD
    files = sorted((m for m in content if m.name not in for_record),
                   key=lambda m: (m.name.startswith(name.dist_info + "/"), m.name))
    date = time.gmtime(source_date())[:6]
    with replacing(folder / str(name)) as out, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as wheel:
        rows = [row(m.name, *_add(wheel, m, date)) for m in files]
        text = "".join([*rows, f"{_quoted(record)},,\n"]).encode()
        _add(wheel, from_bytes(record, text), date)
    return str(name)


@contextmanager
def replacing(path: Path) -> Iterator[BinaryIO]:
    """A file that becomes path when the block ends well, and is gone otherwise."""
    temporary = path.with_name(f".{path.name[:200]}.{secrets.token_hex(8)}.tmp")
    try:
        with open(temporary, "xb") as out:
            yield out
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


def _add(wheel: zipfile.ZipFile, member: Member, date: tuple[int, ...]) -> tuple[bytes, int]:
    """Copies the member, hashing it on the way: its SHA-256 and size."""
    info = zipfile.ZipInfo(member.name, date)  # type: ignore[arg-type]
    info.compress_type = zipfile.ZIP_DEFLATED
    info.create_system = 3  # the mode below is a Unix one
    info.external_attr = (0o100755 if member.executable else 0o100644) << 16
    info.file_size = member.size  # decides whether the large form is needed
    digest, size = hashlib.sha256(), 0
    with member.open() as source, wheel.open(info, "w") as out:
        while True:
            chunk = source.read(_CHUNK)
            if not chunk:
                break
            digest.update(chunk)
            size += len(chunk)
            out.write(chunk)
    if member.pin and member.pin != (digest.hexdigest(), size):
        raise WheelError(f"{member.name}: SHA-256 {digest.hexdigest()}, {size} bytes; pinned: "
                         f"{member.pin.sha256}, {member.pin.size} bytes")
    return digest.digest(), size


def row(name: str, digest: bytes, size: int) -> str:
    """A line of RECORD."""
    text = base64.urlsafe_b64encode(digest).rstrip(b"=").decode()
    return f"{_quoted(name)},sha256={text},{size}\n"


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"' if re.search(r'[",\r\n]', name) else name


def copy(source: BinaryIO, out: BinaryIO) -> None:
    """All that is left of source."""
    shutil.copyfileobj(source, out, _CHUNK)
