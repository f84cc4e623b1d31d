"""Brings what pratique.lock pins, for a package that is installed already: a step of an image.

    python -m pratique.fetch PACKAGE...          into where the package is installed
    python -m pratique.fetch --lock FILE --to DIR

What was brought into an installed package is written into its RECORD, so that it is removed with it.

It runs the program `pratique fetch` for this Python and this platform; what is fetched is as
pinned, or is not there. Nothing turns that off. PRATIQUE_OFFLINE=1 forbids the network,
PRATIQUE_MIRROR names a folder with files that somebody brought.

Exit status: 0 all is in place; 1 refused; 2 wrong usage or lock; 3 it could not be had.
"""

from __future__ import annotations

import argparse
import csv
import importlib.metadata
import importlib.util
import stat
import sys
from pathlib import Path
from typing import Iterable, NamedTuple, Optional, Sequence

from pratique import __version__, _lock, _program, _target, _wheel


class NotFound(LookupError):
    """No such package, or it has no lock."""


class Place(NamedTuple):
    """A lock, the folder that its names begin in, and the RECORD of what is installed there."""

    lock: Path
    folder: Path
    record: Optional[Path] = None


def place_of(package: str) -> Place:
    """Of an installed package, which is called as on the index, or as it is imported. Raises
    NotFound.
    """
    try:
        distribution = importlib.metadata.distribution(package)
    except (importlib.metadata.PackageNotFoundError, ValueError):
        return _of_import(package)
    locks = [Path(str(distribution.locate_file(f))) for f in distribution.files or () if f.name == _lock.NAME]
    locks = [lock for lock in locks if lock.is_file()]
    if not locks:
        raise NotFound(f"{package} {distribution.version} has no {_lock.NAME}")
    if len({lock.read_bytes() for lock in locks}) > 1:
        raise NotFound(f"{package} {distribution.version} has locks that differ: {', '.join(map(str, locks))}; "
                       "install it again")
    site = Path(str(distribution.locate_file("")))
    folder = _root(locks[0], site)
    records = [Path(str(distribution.locate_file(f))) for f in distribution.files or ()
               if f.name == "RECORD" and len(f.parts) == 2 and f.parts[0].endswith(".dist-info")]
    return Place(locks[0], folder, records[0] if folder == site and len(records) == 1 else None)


def _of_import(package: str) -> Place:
    try:
        spec = importlib.util.find_spec(package)
    except (ImportError, ValueError):
        spec = None
    for place in (spec.submodule_search_locations or ()) if spec else ():
        lock = Path(place, _lock.NAME)
        if lock.is_file():
            return Place(lock, lock.parents[len(package.split("."))])
    raise NotFound(f"{package}: no package of this name is installed, or it has no {_lock.NAME}")


def _root(lock: Path, site: Path) -> Path:
    """Where the names of the lock begin: where the package lies that they are in. It is not the
    metadata's folder when the package was installed editable.
    """
    try:
        first = _lock.parse(lock.read_bytes()).files[0].name.split("/")[0]
        spec = importlib.util.find_spec(first)
    except (OSError, ImportError, ValueError):  # a wrong lock is the program's to explain
        return site
    places = list(spec.submodule_search_locations or ()) if spec else []
    if (site / first).exists() or len(places) != 1:
        return site
    return Path(places[0]).parent


def write_record(record: Path, entries: Iterable[_lock.Entry]) -> None:
    """Names these files in the RECORD; its other lines stay as they are. Raises OSError, and
    ValueError for one that is not UTF-8.
    """
    rows = {e.name: _wheel.row(e.name, bytes.fromhex(e.sha256), e.size) for e in entries}
    with open(record, encoding="utf-8", newline="") as file:
        old = file.read()
    kept = [line for line in old.splitlines(keepends=True) if _file_of(line) not in rows]
    if kept and not kept[-1].endswith("\n"):
        kept.append("\n")
    new = "".join([*kept, *rows.values()])
    if sorted(new.splitlines()) == sorted(old.splitlines()):
        return
    mode = stat.S_IMODE(record.stat().st_mode)
    with _wheel.replacing(record) as out:
        out.write(new.encode("utf-8"))
    record.chmod(mode)


def _file_of(line: str) -> str:
    row = next(csv.reader([line]), [])
    return row[0] if row else ""


def _fetch(place: Place, to: Optional[Path], target: _target.Target, options: dict[str, str]) -> None:
    _program.fetch(place.lock, to or place.folder, target, options)
    if to or not place.record:
        return
    try:
        lock = _lock.parse(place.lock.read_bytes())
        write_record(place.record, _target.best(lock.files, target).values())
    except (OSError, ValueError, csv.Error) as e:
        print(f"pratique.fetch: {place.record} does not name what was brought: {e}", file=sys.stderr)


def main(argv: Optional[Sequence[str]] = None) -> int:
    """The command line; the exit status."""
    arg = argparse.ArgumentParser(prog="python -m pratique.fetch", description=__doc__.split("\n")[0])
    arg.add_argument("package", nargs="*", help="as it is called on the index, or imported")
    arg.add_argument("--lock", type=Path, metavar="FILE", help="this lock instead")
    arg.add_argument("--to", type=Path, metavar="DIR", help="into this folder, which stands for site-packages")
    arg.add_argument("--platform", metavar="TAG", help="for another platform: manylinux_2_28_x86_64")
    arg.add_argument("--python", metavar="TAG", help="for another Python: cp312")
    arg.add_argument("--version", action="version", version=f"pratique {__version__}")
    for option in _program.OPTIONS:
        arg.add_argument("--" + option, metavar="VALUE", help="as in `pratique fetch`")
    opt = arg.parse_args(argv)
    if bool(opt.package) == bool(opt.lock) or (opt.lock and not opt.to):
        arg.error("packages, or --lock FILE --to DIR")
    here = _target.here(exact=True)
    target = _target.Target(opt.platform or here.platform, opt.python or here.python)
    options = {option: getattr(opt, option.replace("-", "_")) or "" for option in _program.OPTIONS}
    worst = 0
    for package in opt.package or [None]:
        try:
            place = Place(opt.lock, opt.to) if package is None else place_of(package)
            _fetch(place, opt.to, target, options)
        except (NotFound, _program.ProgramError) as e:
            print(f"pratique.fetch: {e}", file=sys.stderr)
            worst = max(worst, e.status if isinstance(e, _program.ProgramError) else 2)
    return worst


if __name__ == "__main__":
    sys.exit(main())
