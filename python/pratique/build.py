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

The target is this Python on this machine; -C pratique-platform=TAG and -C pratique-python=TAG name
another one. These and pratique-cache, -cacert, -key, -mirror, -timeout are options of `pratique
fetch`. All other settings are the backend's.
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
_OURS = frozenset(f"pratique-{option}" for option in ("platform", "python", *_program.OPTIONS))


class BuildError(RuntimeError):
    """There is no wheel: the message says why."""


def build_wheel(wheel_directory: str, config_settings: Config = None,
                metadata_directory: Optional[str] = None) -> str:
    """Builds the wheel, with what the lock pins in it; its file name."""
    ours = _ours(config_settings)
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    chosen = _chosen(lock, lock_file, _target_of(ours))
    with _room(wheel_directory) as room:
        inner = _made(room, _backend().build_wheel(room, _theirs(config_settings), metadata_directory))
        files = Path(room, "files")
        _fetch(lock_file, files, ours)
        return _put_in(inner, Path(wheel_directory), lock_file, lock, files, chosen)


def build_sdist(sdist_directory: str, config_settings: Config = None) -> str:
    """Builds the sdist: with the lock, without what it names; its file name."""
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    with _room(sdist_directory) as room:
        inner = _made(room, _backend().build_sdist(room, _theirs(config_settings)))
        without = {(_root(lock_file) / e.name).as_posix() for e in lock.files}
        _sdist.rewrite(inner, Path(sdist_directory, inner.name), lock_file, without)
        return inner.name


def _build_editable(wheel_directory: str, config_settings: Config = None,
                    metadata_directory: Optional[str] = None) -> str:
    ours = _ours(config_settings)
    lock_file = _settings.read(Path()).lock
    lock = _read_lock(lock_file)
    _chosen(lock, lock_file, _target_of(ours))
    _fetch(lock_file, _root(lock_file), ours)
    with _room(wheel_directory) as room:
        inner = _made(room, _backend().build_editable(room, _theirs(config_settings), metadata_directory))
        return _put_in(inner, Path(wheel_directory), lock_file, lock, Path(), {})


def _prepare(name: str) -> Callable[..., str]:
    """A prepare_metadata hook: the other's, and the lock, as it will be in the wheel."""
    def prepare(metadata_directory: str, config_settings: Config = None) -> str:
        lock_file = _settings.read(Path()).lock
        _read_lock(lock_file)
        made: str = getattr(_backend(), name)(metadata_directory, _theirs(config_settings))
        Path(metadata_directory, made, _lock.NAME).write_bytes(lock_file.read_bytes())
        return made
    return prepare


def _requires(name: str) -> Callable[..., list[str]]:
    def requires(config_settings: Config = None) -> list[str]:
        wanted: list[str] = getattr(_backend(), name)(_theirs(config_settings))
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


def _theirs(config: Config) -> Config:
    """The settings that are the other backend's."""
    return {k: v for k, v in config.items() if k not in _OURS} if config else config


def _ours(config: Config) -> dict[str, str]:
    """The options of `pratique fetch` that were set. Raises BuildError for one that comes twice, and
    for one that there is not.
    """
    found = {}
    for key, value in (config or {}).items():
        if key.startswith("pratique-"):
            if key not in _OURS or not isinstance(value, str):
                raise BuildError(f"{key}: once, and one of {', '.join(sorted(_OURS))}")
            found[key[len("pratique-"):]] = value
    return found


def _target_of(ours: Mapping[str, str]) -> _target.Target:
    here = _target.here(exact=True)
    return _target.Target(ours.get("platform", here.platform), ours.get("python", here.python))


def _room(folder: str) -> tempfile.TemporaryDirectory[str]:
    """A folder for what is not finished; on the same disk as what will be."""
    Path(folder).mkdir(parents=True, exist_ok=True)
    return tempfile.TemporaryDirectory(prefix=".pratique-", dir=folder)


def _made(room: str, name: object) -> Path:
    """What the other backend says that it has made there. Raises BuildError when it has not."""
    if type(name) is not str or Path(name).name != name or not Path(room, name).is_file():
        raise BuildError(f"[tool.pratique] backend: it has made no file {name!r}")
    return Path(room, name)


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


def _root(lock_file: Path) -> Path:
    """Where the names in the lock begin: the folder that the package lies in."""
    return lock_file.parents[len(_package_parts(lock_file))]


def _chosen(lock: _lock.Lock, lock_file: Path, target: _target.Target) -> dict[str, _lock.Entry]:
    chosen = _target.best(lock.files, target)
    if not chosen:
        has = sorted({f"{e.platform} ({e.abi})" for e in lock.files})
        raise BuildError(f"{lock_file} has nothing for {target.platform}, {target.python}; it has "
                         f"{', '.join(has[:20])}")
    return chosen


def _fetch(lock_file: Path, folder: Path, ours: Mapping[str, str]) -> None:
    folder.mkdir(exist_ok=True)
    try:
        _program.fetch(lock_file, folder, _target_of(ours), ours)
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
            _alone(content, entry.name)
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


def _alone(content: Mapping[str, object], name: str) -> None:
    """Where case does not count, another one would be written over the file that is pinned."""
    for other in content:
        if other != name and other.lower() == name.lower():
            raise BuildError(f"{other} in the wheel and {name} in the lock differ in case alone")


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
