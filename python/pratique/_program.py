"""The program `pratique` that this package came with, or that is installed. Fetching is done there alone."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Mapping, Optional

from pratique import __version__
from pratique._target import Target

INSIDE = "_bin/pratique"
# Options of `pratique fetch` that are passed on; none of them leaves out a check.
OPTIONS = ("cache", "cacert", "key", "mirror", "timeout")


class ProgramError(RuntimeError):
    """There is no program, or not the right one, or it did not do what it was asked for."""

    def __init__(self, message: str, status: int = 2) -> None:
        super().__init__(message)
        self.status = status


def find() -> str:
    """The program's path: beside this package, else on PATH. Raises ProgramError when there is
    none, or one of another version.
    """
    inside = Path(__file__).parent / (INSIDE + (".exe" if os.name == "nt" else ""))
    found: Optional[str] = str(inside) if inside.is_file() else shutil.which("pratique")
    if found is None:
        raise ProgramError(f"the program pratique {__version__} is needed, and is neither in this "
                           f"package ({inside}) nor on PATH: install a wheel of pratique for this "
                           "platform, or build it (make install)")
    version = _version(found)
    if version != __version__:
        raise ProgramError(f"{found} is version {version or 'unknown'}, and the Python package is "
                           f"{__version__}: install the same of both")
    return found


def fetch(lock: Path, folder: Path, target: Target, options: Mapping[str, str]) -> None:
    """Puts what the lock names for this target below the folder, each file whole and as pinned or
    not at all. options: values of OPTIONS. What the program says goes to standard error. Raises
    ProgramError with its exit status.
    """
    command = [find(), "fetch", "--lock", str(lock), "--to", str(folder), "--platform", target.platform,
               "--python", target.python]
    for option in OPTIONS:
        if options.get(option):
            command += [f"--{option}", options[option]]
    sys.stderr.flush()
    try:
        # Not onto standard output: that is what a build frontend reads.
        status = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=2, check=False).returncode
    except OSError as e:
        raise ProgramError(f"{command[0]}: {e.strerror}") from None
    if status != 0:
        raise ProgramError(f"{lock}: not all that it names is here as pinned (pratique fetch: "
                           f"{status}); see above", status)


def _version(program: str) -> str:
    try:
        said = subprocess.run([program, "--version"], stdin=subprocess.DEVNULL, capture_output=True,
                              text=True, errors="replace", timeout=60, check=False).stdout.split()
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return said[1] if len(said) > 1 and said[0] == "pratique" else ""
