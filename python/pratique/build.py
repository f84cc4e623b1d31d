"""A build backend (PEP 517, PEP 660) around another one: what pratique.lock pins goes into the wheel.

    [build-system]
    requires = ["pratique", "setuptools"]
    build-backend = "pratique.build"

    [tool.pratique]
    backend = "setuptools.build_meta"      # or hatchling.build, flit_core.buildapi, any other
    backend-path = ["tools"]               # only for a backend in the source tree
    lock = "src/thing/pratique.lock"       # may be left out when there is one, in PACKAGE or src/PACKAGE

Every hook is the other backend's; two do more. build_wheel lets it build, fetches what the lock
names for the target, compares size and SHA-256, and writes the wheel anew with these files, the
lock, a true RECORD and the tags that the files ask for. build_sdist sees to it that the lock is in
the sdist and that what it names is not. An editable install has the files put into the source tree,
beside the lock. There is a whole wheel in the end, or none.

The target is this Python on this machine. -C pratique-platform=TAG and -C pratique-python=TAG (as
in `pratique fetch --platform, --python`) name another one. All other settings are the backend's.
"""

from __future__ import annotations

import importlib
import re
import sys
import tempfile
import zipfile
from pathlib import Path
from typing import Any, Callable, Mapping, Optional, Sequence, Union

from pratique import _lock, _program, _sdist, _settings, _tags, _target, _wheel

Config = Optional[Mapping[str, Union[str, Sequence[str]]]]

# Not every backend has these; then neither have we, for a frontend asks.
_MAYBE = ("get_requires_for_build_sdist", "get_requires_for_build_wheel",
          "get_requires_for_build_editable", "prepare_metadata_for_build_wheel",
          "prepare_metadata_for_build_editable", "build_editable")
_OURS = ("pratique-platform", "pratique-python")


class BuildError(RuntimeError):
    """There is no wheel: the message says why."""


def build_wheel(wheel_directory: str, config_settings: Config = None,
                metadata_directory: Optional[str] = None) -> str:
    """Builds the wheel, with what the lock pins in it; its file name."""
    target, theirs = _target_of(config_settings)
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    with _room(wheel_directory) as room:
        inner = _backend().build_wheel(room, theirs, metadata_directory)
        chosen = _chosen(lock, lock_file, target)
        files = Path(room, "files")
        _fetch(lock_file, files, target)
        return _put_in(Path(room, inner), Path(wheel_directory), lock_file, lock, files, chosen)


def build_sdist(sdist_directory: str, config_settings: Config = None) -> str:
    """Builds the sdist: with the lock, without what it names; its file name."""
    _, theirs = _target_of(config_settings)
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    with _room(sdist_directory) as room:
        inner = _backend().build_sdist(room, theirs)
        base = lock_file.parent
        for _ in range(len(_package_parts(lock_file))):
            base = base.parent
        without = {(base / e.name).as_posix() for e in lock.files}
        _sdist.rewrite(Path(room, inner), Path(sdist_directory, inner), lock_file, without)
        return str(inner)


def _build_editable(wheel_directory: str, config_settings: Config = None,
                    metadata_directory: Optional[str] = None) -> str:
    target, theirs = _target_of(config_settings)
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    _chosen(lock, lock_file, target)
    root = lock_file.parent
    for _ in _package_parts(lock_file):
        root = root.parent
    _fetch(lock_file, root, target)
    with _room(wheel_directory) as room:
        inner = _backend().build_editable(room, theirs, metadata_directory)
        return _put_in(Path(room, inner), Path(wheel_directory), lock_file, lock, Path(), {})


def _prepare(name: str) -> Callable[..., str]:
    """A prepare_metadata hook: the other's, and the lock, as it will be in the wheel."""
    def prepare(metadata_directory: str, config_settings: Config = None) -> str:
        _, theirs = _target_of(config_settings)
        lock_file = _settings.read(Path()).lock
        _read_lock(lock_file)
        made: str = getattr(_backend(), name)(metadata_directory, theirs)
        Path(metadata_directory, made, _lock.NAME).write_bytes(lock_file.read_bytes())
        return made
    return prepare


def _requires(name: str) -> Callable[..., list[str]]:
    def requires(config_settings: Config = None) -> list[str]:
        wanted: list[str] = getattr(_backend(), name)(_target_of(config_settings)[1])
        return wanted
    return requires


def __getattr__(name: str) -> Any:
    if name not in _MAYBE or not hasattr(_backend(), name):
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    if name == "build_editable":
        return _build_editable
    return _requires(name) if name.startswith("get_requires") else _prepare(name)


def _backend() -> Any:
    """The backend that builds, of the source tree that is the current folder."""
    settings = _settings.read(Path())
    module, _, inside = settings.backend.partition(":")
    for folder in reversed(settings.backend_path):
        place = Path(folder).resolve()
        if Path().resolve() not in (place, *place.parents):
            raise BuildError(f"[tool.pratique] backend-path: {folder} is outside of the source tree")
        if str(place) not in sys.path:
            sys.path.insert(0, str(place))
    try:
        backend = importlib.import_module(module)
    except ImportError as e:
        raise BuildError(f"[tool.pratique] backend: {module}: {e}; does [build-system] requires have it?") from e
    for part in inside.split(".") if inside else ():
        backend = getattr(backend, part)
    return backend


def _target_of(config: Config) -> tuple[_target.Target, Config]:
    """The target, and the settings that are the other backend's."""
    here = _target.here(exact=True)
    if not config:
        return here, config
    for key in _OURS:
        if not isinstance(config.get(key, ""), str):
            raise BuildError(f"{key}: given more than once")
    target = _target.Target(str(config.get(_OURS[0], here.platform)), str(config.get(_OURS[1], here.python)))
    return target, {key: value for key, value in config.items() if key not in _OURS}


def _room(folder: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for what is not finished; on the same disk as what will be."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix=".pratique-", dir=folder)


def _read_lock(path: Path) -> _lock.Lock:
    try:
        with open(path, "rb") as file:
            return _lock.parse(file.read(_lock.MOST_BYTES + 1))
    except (OSError, _lock.LockError) as e:
        raise BuildError(f"{path}: {e}") from None


def _package_parts(lock_file: Path) -> tuple[str, ...]:
    """The folders of the package that the lock lies in: of src/ns/thing/pratique.lock ns, thing."""
    parts = lock_file.parent.parts
    return parts[1:] if parts[:1] == ("src",) else parts


def _chosen(lock: _lock.Lock, lock_file: Path, target: _target.Target) -> dict[str, _lock.Entry]:
    chosen = _target.best(lock.files, target)
    if not chosen:
        has = sorted({f"{e.platform} ({e.abi})" for e in lock.files})
        raise BuildError(f"{lock_file} has nothing for {target.platform}, {target.python}; it has "
                         f"{', '.join(has[:20])}")
    return chosen


def _fetch(lock_file: Path, folder: Path, target: _target.Target) -> None:
    folder.mkdir(exist_ok=True)
    try:
        _program.fetch(lock_file, folder, target.platform, target.python)
    except _program.ProgramError as e:
        raise BuildError(str(e)) from None


def _put_in(inner: Path, folder: Path, lock_file: Path, lock: _lock.Lock, files: Path,
            chosen: dict[str, _lock.Entry]) -> str:
    """The inner wheel, with the lock and the chosen files, written into the folder."""
    name = _wheel.parse_name(inner.name)
    _same_project(lock, lock_file, name)
    with zipfile.ZipFile(inner) as wheel:
        content = {m.name: m for m in _wheel.members(wheel)}
        for path in _places_of_lock(content, lock_file, name):
            _add_lock(content, path, lock_file)
        for entry in chosen.values():
            pin = _wheel.Pin(entry.sha256, entry.size)
            content[entry.name] = _pinned(content.get(entry.name), entry.name, files, pin)
        if chosen:
            name = _tags.combine(name, chosen.values())
            tags = name.dist_info + "/WHEEL"
            if tags not in content:
                raise BuildError(f"{inner.name}: there is no {tags} in it")
            content[tags] = _wheel.from_bytes(tags, _wheel.retag(_wheel.read(content[tags]), name))
        try:
            return _wheel.write(folder, name, content.values())
        except OSError as e:
            raise BuildError(f"{folder / str(name)}: {e.strerror or e}") from None


def _places_of_lock(content: Mapping[str, object], lock_file: Path, name: _wheel.FileName) -> list[str]:
    places = [f"{name.dist_info}/{_lock.NAME}"]
    package = "/".join(_package_parts(lock_file))
    if package and any(member.startswith(package + "/") for member in content):
        places.append(f"{package}/{_lock.NAME}")
    return places


def _add_lock(content: dict[str, _wheel.Member], path: str, lock_file: Path) -> None:
    data = lock_file.read_bytes()
    if path in content and _wheel.read(content[path]) != data:
        raise BuildError(f"{path} in the wheel is not {lock_file}: is there an old build/ folder?")
    content[path] = _wheel.from_bytes(path, data)


def _pinned(there: Optional[_wheel.Member], name: str, files: Path, pin: _wheel.Pin) -> _wheel.Member:
    """The file that was fetched. One of that name that the backend took along is checked as well."""
    if there is not None:
        return there._replace(pin=pin, executable=True)
    return _wheel.from_file(name, files / name, executable=True, pin=pin)


def _same_project(lock: _lock.Lock, lock_file: Path, name: _wheel.FileName) -> None:
    def plain(text: str) -> str:
        return re.sub(r"[-_.]+", "_", text).lower()

    if plain(lock.package) != plain(name.name) or lock.version.replace("-", "_") != name.version:
        raise BuildError(f"{lock_file} is of {lock.package} {lock.version}, and the wheel is {name.name} "
                         f"{name.version}: make the lock again (pratique lock)")
