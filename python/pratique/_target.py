"""Which entries of a lock are for this machine and this Python: docs/LOCK.md, "Which entries count"."""

from __future__ import annotations

import os
import re
import sys
import sysconfig
from typing import Iterable, NamedTuple, Optional

from pratique._lock import Entry

_OLD_MANYLINUX = {"manylinux1": (2, 5), "manylinux2010": (2, 12), "manylinux2014": (2, 17)}
_VERSIONED = re.compile(r"(manylinux|musllinux|macosx)_(\d{1,5})_(\d{1,5})_(\w+)", re.ASCII)
_PYTHON = re.compile(r"([a-z]{2})(\d)(\d*)(t?)", re.ASCII)
_UNKNOWN = (99999, 99999)  # newer than any that a lock asks for


class Target(NamedTuple):
    """A platform tag and a Python tag: manylinux_2_36_x86_64 and cp311."""

    platform: str
    python: str


class _Platform(NamedTuple):
    family: str
    version: tuple[int, int]
    arch: str


def here(exact: bool = False) -> Target:
    """The target that this process is. Musl does not tell its version: where exact is False, what
    loads is left to the loader; else the version comes from the linker's file, which is started.
    """
    return Target(_platform(exact), _python())


def best(entries: Iterable[Entry], target: Target) -> dict[str, Entry]:
    """The entry that counts of each name; names without one are left out."""
    found: dict[str, tuple[tuple[int, tuple[int, int], tuple[int, tuple[int, int]]], Entry]] = {}
    for entry in entries:
        platform = _platform_rank(entry.platform, target.platform)
        python = _python_rank(entry, target.python)
        if platform is None or python is None:
            continue
        rank = (python[0], python[1], platform)
        if entry.name not in found or rank > found[entry.name][0]:
            found[entry.name] = (rank, entry)
    return {name: entry for name, (_, entry) in found.items()}


def counting(entries: Iterable[Entry], target: Target) -> list[Entry]:
    """Every entry that counts. A wheel made for an older C library is installed on newer ones, so
    a loader takes any of them; only who fetches takes the best.
    """
    return [e for e in entries if _platform_rank(e.platform, target.platform) is not None
            and _python_rank(e, target.python) is not None]


def demand(tags: str) -> tuple[int, tuple[int, int]]:
    """How much a platform tag asks for, to compare: any, a kernel, a version of a C library."""
    if tags == "any":
        return (0, (0, 0))
    least = min(_read(tag) for tag in tags.split("."))
    return (1 if least.family == "linux" else 2, least.version)


def _read(tag: str) -> _Platform:
    for old, version in _OLD_MANYLINUX.items():
        if tag.startswith(old + "_"):
            return _Platform("manylinux", version, tag[len(old) + 1:])
    m = _VERSIONED.fullmatch(tag)
    if m:
        return _Platform(m[1], (int(m[2]), int(m[3])), m[4])
    if tag.startswith("linux_"):
        return _Platform("linux", (0, 0), tag[len("linux_"):])
    return _Platform(tag, (0, 0), "")


def _one_platform(tag: str, target: str) -> Optional[tuple[int, tuple[int, int]]]:
    if tag == "any":
        return (0, (0, 0))
    has, want = _read(target), _read(tag)
    if want.family == "linux":
        fits = has.family in ("linux", "manylinux", "musllinux") and has.arch == want.arch
        return (1, (0, 0)) if fits else None
    same_arch = has.arch == want.arch or (
        has.family == "macosx" and want.arch == "universal2" and has.arch in ("x86_64", "arm64"))
    if has.family != want.family or not same_arch or want.version > has.version:
        return None
    return (2, want.version)


def _platform_rank(tags: str, target: str) -> Optional[tuple[int, tuple[int, int]]]:
    ranks = [r for r in (_one_platform(tag, target) for tag in tags.split(".")) if r is not None]
    return max(ranks) if ranks else None


def version_of(tag: str) -> tuple[int, int]:
    """(3, 11) of cp311; (0, 0) of what is not a Python tag."""
    m = _PYTHON.fullmatch(tag)
    return (int(m[2]), int(m[3] or 0)) if m else (0, 0)


def _python_rank(entry: Entry, python: str) -> Optional[tuple[int, tuple[int, int]]]:
    """None: it is not for this Python. Else how well its ABI fits, and the Python that it asks for."""
    ranks = [_abi_rank(abi, entry.python, python) for abi in entry.abi.split(".")]
    fits = [r for r in ranks if r is not None]
    return max(fits) if fits else None


def _abi_rank(abi: str, asked: str, python: str) -> Optional[tuple[int, tuple[int, int]]]:
    tags = asked.split(".") if asked else []
    if abi == "abi3":
        if not python.startswith("cp") or python.endswith("t"):
            return None
        versions = [version_of(t) for t in tags] or [(0, 0)]
        good = [v for v in versions if v <= version_of(python)]
        return (1, max(good)) if good else None
    if tags and not any(t == python or (t.startswith("py") and _is_python3(t)) or
                        (abi != "none" and t == python.rstrip("t")) for t in tags):
        return None
    if abi == "none":
        return (0, max(version_of(t) for t in tags) if tags else (0, 0))
    return (2, version_of(python)) if abi == python else None


def _is_python3(tag: str) -> bool:
    return tag == "py3" or (version_of(tag)[0] == 3 and version_of(tag) <= sys.version_info[:2])


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
