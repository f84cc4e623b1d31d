"""The tags of a wheel that holds pinned files: no more platforms and Pythons than all of them allow."""

from __future__ import annotations

from typing import Iterable

from pratique import _target, _wheel
from pratique._lock import Entry


def combine(name: _wheel.FileName, entries: Iterable[Entry]) -> _wheel.FileName:
    """The wheel's name with the narrower of its own tags and those of the entries. A wheel with a
    compiled module of its own keeps its tags: what the module needs was the backend's to tell.
    """
    files = list(entries)
    python, abi = name.python, name.abi
    if abi == "none":
        python, abi = _python(python, files)
    platform = name.platform if name.platform != "any" else _platform(files)
    return name._replace(python=python, abi=abi, platform=platform)


def _python(python: str, files: list[Entry]) -> tuple[str, str]:
    """The strictest: of one Python (cp311), else of the limited API (abi3), else as it was."""
    exact = sorted({e.abi for e in files if e.abi not in ("none", "abi3")})
    if len(exact) > 1:
        raise _wheel.WheelError(f"the files are for different Pythons: {', '.join(exact)}")
    if exact:
        return next((e.python for e in files if e.abi == exact[0] and e.python), exact[0].rstrip("tdmu")), exact[0]
    limited = [e.python or "cp32" for e in files if e.abi == "abi3"]
    if limited:
        return max(limited, key=_target.version_of), "abi3"
    own = [e.python for e in files if e.python.startswith("cp")]
    return (own[0], "none") if own else (python, "none")


def _platform(files: list[Entry]) -> str:
    """The most demanding; they count for one target together, so there is one."""
    return max((e.platform for e in files), key=_target.demand)
