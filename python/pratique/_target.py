"""Which entries of a lock are for this machine and this Python: docs/LOCK.md, "Which entries count"."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from typing import Iterable, NamedTuple, Optional, Tuple

from pratique._lock import Entry

_OLD_MANYLINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_VERSIONED = re.compile(r"(manylinux|musllinux|macosx)_(\d{1,6})_(\d{1,6})_(.*)", re.ASCII)
_PYTHON = re.compile(r"([a-z]+)(\d)(\d{0,6})(t?)", re.ASCII)
_UNKNOWN = (99999, 99999)  # newer than any that a lock asks for
# How well an entry suits, to compare: ABI, the Python that it asks for, platform.
_Rank = Tuple[int, int, Tuple[int, int, int]]


class Target(NamedTuple):
    """A platform tag and a Python tag: manylinux_2_36_x86_64 and cp311."""

    platform: str
    python: str


class _Platform(NamedTuple):
    family: str
    arch: str
    version: Optional[tuple[int, int]]


class _Python(NamedTuple):
    kind: str
    major: int
    minor: Optional[int]
    free_threaded: bool


def here(exact: bool = False) -> Target:
    """The target that this process is. Musl does not tell its version: where exact is False, what
    loads is left to the loader; else the version comes from the linker's file, which is started.
    """
    return Target(_platform(exact), _python())


def best(entries: Iterable[Entry], target: Target) -> dict[str, Entry]:
    """The entry that counts of each name, the best where there are several."""
    found: dict[str, tuple[_Rank, Entry]] = {}
    for entry in entries:
        rank = _rank(entry, target)
        if rank and (entry.name not in found or rank > found[entry.name][0]):
            found[entry.name] = (rank, entry)
    return {name: entry for name, (_, entry) in found.items()}


def counting(entries: Iterable[Entry], target: Target) -> list[Entry]:
    """Every entry that counts. A wheel made for an older C library is installed on newer ones, so
    a loader takes any of them; only who fetches takes the best.
    """
    return [e for e in entries if _rank(e, target)]


def demand(tags: str) -> tuple[int, tuple[int, int]]:
    """How much a platform tag asks for, to compare: any, a kernel, a version of a C library."""
    if tags == "any":
        return (0, (0, 0))
    least = [_read_platform(tag) for tag in tags.split(".")]
    return (1 if least[0].family == "linux" else 2, min(p.version or (0, 0) for p in least))


def version_of(tag: str) -> tuple[int, int]:
    """(3, 11) of cp311; (0, 0) of what is not a Python tag."""
    python = _read_python(tag)
    return (python.major, python.minor or 0) if python else (0, 0)


def _rank(entry: Entry, target: Target) -> Optional[_Rank]:
    """None: it does not count."""
    has = _read_platform(target.platform)
    platforms = [r for r in (_platform_rank(tag, has) for tag in entry.platform.split(".")) if r]
    abis = [r for r in (_abi_rank(abi, entry.python, target.python) for abi in entry.abi.split(".")) if r]
    return (*max(abis), max(platforms)) if abis and platforms else None


def _read_platform(tag: str) -> _Platform:
    for old, version in _OLD_MANYLINUX.items():
        if tag.startswith(old + "_"):
            return _Platform("manylinux", tag[len(old) + 1:], version)
    m = _VERSIONED.fullmatch(tag)
    if m:
        return _Platform(m[1], m[4], (int(m[2]), int(m[3])))
    if tag.startswith("linux_"):
        return _Platform("linux", tag[len("linux_"):], None)
    return _Platform(tag, "", None)


def _platform_rank(tag: str, has: _Platform) -> Optional[tuple[int, int, int]]:
    if tag == "any":
        return (1, 0, 0)
    want = _read_platform(tag)
    universal = want.family == "macosx" and want.arch == "universal2" and has.arch in ("x86_64", "arm64")
    if want.arch != has.arch and not universal:
        return None
    if want.family == "linux":
        return (2, 0, 0) if has.family in ("manylinux", "musllinux", "linux") else None
    if want.family != has.family or (want.version is None) != (has.version is None):
        return None
    if want.version is None or has.version is None:
        return (3, 0, 0)
    return (3, *want.version) if want.version <= has.version else None


def _read_python(tag: str) -> Optional[_Python]:
    m = _PYTHON.fullmatch(tag)
    return _Python(m[1], int(m[2]), int(m[3]) if m[3] else None, bool(m[4])) if m else None


def _abi_rank(abi: str, asked: str, python: str) -> Optional[tuple[int, int]]:
    target = _read_python(python)
    if target is None:
        return None
    if abi not in ("none", "abi3"):
        fits = abi == python and _asked_rank(asked, target, False) is not None
        return (3, 0) if fits else None
    if abi == "abi3" and (target.kind != "cp" or target.free_threaded):
        return None
    rank = _asked_rank(asked, target, abi == "abi3")
    return None if rank is None else (2 if abi == "abi3" else 1, rank)


def _asked_rank(asked: str, target: _Python, oldest: bool) -> Optional[int]:
    """How new a Python the entry asks for; None when this one will not do. oldest: so will newer ones."""
    if not asked:
        return 1
    ranks = [r for r in (_python_rank(tag, target, oldest) for tag in asked.split(".")) if r is not None]
    return max(ranks) if ranks else None


def _python_rank(tag: str, target: _Python, oldest: bool) -> Optional[int]:
    p = _read_python(tag)
    if p is None or p.major != target.major or p.kind not in ("py", target.kind):
        return None
    minor, has = p.minor or 0, target.minor or 0
    if p.minor is not None and minor > has:
        return None
    newer_will_do = p.kind == "py" or oldest or p.minor is None
    return 1 + minor if newer_will_do or minor == has else None


def _python() -> str:
    short = {"cpython": "cp", "pypy": "pp"}.get(sys.implementation.name, sys.implementation.name)
    free = "t" if sysconfig.get_config_var("Py_GIL_DISABLED") else ""
    return f"{short}{sys.version_info[0]}{sys.version_info[1]}{free}"


def _platform(exact: bool) -> str:
    plain = re.sub(r"[-.]", "_", sysconfig.get_platform())
    if plain.startswith("linux_"):
        return _linux(plain[len("linux_"):], exact)
    if plain.startswith("macosx_"):
        return _macos()
    return plain


def _linux(arch: str, exact: bool) -> str:
    if sys.maxsize < 1 << 32:  # a Python of 32 bits on a kernel of 64
        arch = {"x86_64": "i686", "aarch64": "armv7l", "armv8l": "armv7l"}.get(arch, arch)
    try:
        m = re.fullmatch(r"glibc (\d+)\.(\d+).*", os.confstr("CS_GNU_LIBC_VERSION") or "")
    except (AttributeError, ValueError, OSError):
        m = None
    if m:
        return f"manylinux_{m[1]}_{m[2]}_{arch}"
    if "musl" not in (sysconfig.get_config_var("HOST_GNU_TYPE") or ""):
        return f"linux_{arch}"
    major, minor = _musl_version(arch) if exact else _UNKNOWN
    return f"musllinux_{major}_{minor}_{arch}"


def _musl_version(arch: str) -> tuple[int, int]:
    import subprocess

    try:
        said = subprocess.run([f"/lib/ld-musl-{arch}.so.1"], stderr=subprocess.PIPE, text=True,
                              check=False).stderr
    except OSError:
        return _UNKNOWN
    m = re.search(r"Version (\d+)\.(\d+)", said)
    return (int(m[1]), int(m[2])) if m else _UNKNOWN


def _macos() -> str:
    import platform

    version, _, machine = platform.mac_ver()
    major, minor = (version.split(".") + ["0"])[:2]
    return f"macosx_{major}_{'0' if int(major) >= 11 else minor}_{machine}"
