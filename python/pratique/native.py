"""Loads a native library that pratique.lock pins, and nothing else.

    from pratique import native
    lib = native.load("thing", "libthing.so")      # ctypes.CDLL
    from_c = native.load("thing", "_native")       # an extension module: thing._native

load() never touches the network, starts no process, and has no switch. It finds pratique.lock in
the installed package, takes the file that the lock names, and loads it when its size and SHA-256
are those in the lock; else it raises Refused, which says what was expected, what was found, and
what to do. Importing this module does nothing else.

What was hashed is what is loaded: the file is opened once (no symbolic link, a regular file) and
copied into a memory file, which is sealed: from then on nobody can change it, not even this
process. The hash is taken of the sealed bytes, and /proc/self/fd/N of them is loaded.

Where there are no such files (macOS, Windows, Linux without /proc), the copy lies in a new folder
that only this user may enter, for as long as loading takes. That does not protect from another
process of the same user, which could replace the copy between hashing and loading.

What it does not do: it does not tell whether the library is harmless, only that it is the one
that the package was published with. Whoever may write to the installed package can change its
Python code, and the lock, as well. Libraries that the library needs are found by the system's
loader as usual; $ORIGIN does not lead to the package, so those that are pinned too are loaded
first, each with load().
"""

from __future__ import annotations

import ctypes
import hashlib
import importlib.machinery
import importlib.util
import os
import stat
import sys
import threading
from contextlib import contextmanager
from types import ModuleType
from typing import Iterator, NamedTuple, Optional, Union

from pratique import _lock, _target

if sys.platform != "win32":
    import fcntl  # now, while there are descriptors

__all__ = ["Refused", "load", "load_extension", "load_library"]

_CHUNK = 1 << 20
_NOEXEC_SEAL = 8  # MFD_NOEXEC_SEAL: mapped as code, but never run as a program; Linux 6.3
_guard = threading.RLock()
_libraries: dict[tuple[str, str], ctypes.CDLL] = {}
_modules: dict[str, ModuleType] = {}
# Descriptors of what is loaded. They stay open: the system's loader knows a library by its path,
# and would take /proc/self/fd/7 of a closed and opened 7 for the library that it has.
_held: list[int] = []


def _after_fork() -> None:
    """Another thread may have held the guard; it is not in the child, and would hold it for ever."""
    global _guard
    _guard = threading.RLock()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_after_fork)


class Refused(ImportError):
    """The library is not loaded: it is not what the lock says, not there, or the lock is wrong.
    name is the package, path the file.
    """


class _Pinned(NamedTuple):
    """What is to be loaded: where it lies, and the entries that it may be."""

    package: str
    distribution: str
    path: str
    entries: tuple[_lock.Entry, ...]

    @property
    def stem(self) -> str:
        """What an extension module is called: _native of _native.abi3.so."""
        return os.path.basename(self.path).split(".")[0]


def load(package: str, name: str) -> Union[ctypes.CDLL, ModuleType]:
    """The library `name` of the package (as it is imported), loaded; the same object every time.

    name is the file's path in the package (libthing.so, lib/libthing.so), the name that the lock
    gives it, or the part before the first dot, with or without "lib", which is the same on every
    platform. A library with a function PyInit_NAME is an extension module, and is loaded as
    package.NAME; any other as ctypes.CDLL. Raises Refused; OSError and ImportError when the
    right file cannot be loaded by the system. Any thread may call it.
    """
    with _guard:
        pinned = _find(package, name)
        loaded = _loaded(pinned)
        if loaded is not None:
            return loaded
        with _verified(pinned) as (path, data):
            if _has(data, b"\0PyInit_" + pinned.stem.encode() + b"\0"):
                return _extension(pinned, path)
            return _library(pinned, path)


def load_library(package: str, name: str, mode: int = ctypes.DEFAULT_MODE) -> ctypes.CDLL:
    """Like load(), always as ctypes.CDLL; mode as there (ctypes.RTLD_GLOBAL)."""
    with _guard:
        pinned = _find(package, name)
        loaded = _libraries.get((package, pinned.path))
        if loaded is not None:
            return loaded
        with _verified(pinned) as (path, _):
            return _library(pinned, path, mode)


def load_extension(package: str, name: str) -> ModuleType:
    """Like load(), always as the extension module package.NAME."""
    with _guard:
        pinned = _find(package, name)
        loaded = _modules.get(f"{package}.{pinned.stem}")
        if loaded is not None:
            return loaded
        with _verified(pinned) as (path, _):
            return _extension(pinned, path)


def _loaded(pinned: _Pinned) -> Union[ctypes.CDLL, ModuleType, None]:
    module = _modules.get(f"{pinned.package}.{pinned.stem}")
    return module or _libraries.get((pinned.package, pinned.path))


def _library(pinned: _Pinned, path: str, mode: int = ctypes.DEFAULT_MODE) -> ctypes.CDLL:
    library = ctypes.CDLL(path, mode)
    _libraries[pinned.package, pinned.path] = library
    return library


def _extension(pinned: _Pinned, path: str) -> ModuleType:
    full = f"{pinned.package}.{pinned.stem}"
    if full in sys.modules:
        raise Refused(f"{full} was imported already, from elsewhere "
                      f"({getattr(sys.modules[full], '__file__', 'no file')})",
                      name=pinned.package, path=pinned.path)
    loader = importlib.machinery.ExtensionFileLoader(full, path)
    spec = importlib.util.spec_from_file_location(full, path, loader=loader)
    assert spec is not None  # it has a loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[full] = module
    try:
        loader.exec_module(module)
    except BaseException:
        sys.modules.pop(full, None)
        raise
    module.__file__ = pinned.path  # for people: the descriptor's path tells them nothing
    if pinned.package in sys.modules:
        setattr(sys.modules[pinned.package], pinned.stem, module)
    _modules[full] = module
    return module


# Which file, and what it must be.


def _find(package: str, name: str) -> _Pinned:
    """The file that the lock names. Raises Refused when there is no lock, or nothing of that name."""
    for folder in _folders(package):
        root = folder
        for _ in package.split("."):
            root = os.path.dirname(root)
        for path in _locks(folder, root):
            lock = _read_lock(package, path)
            entries = _entries(lock, package, name)
            if entries:
                place = os.path.join(root, *entries[0].name.split("/"))
                return _Pinned(package, lock.package, place, tuple(entries))
            if os.path.dirname(path) == folder:
                raise Refused(f"{path} names no {name!r} for this platform "
                              f"({', '.join(_target.here())})", name=package, path=path)
    raise Refused(f"{package} has no {_lock.NAME} that names {name!r}: a library that is not pinned "
                  "is not loaded", name=package)


def _folders(package: str) -> list[str]:
    """Where the package lies; several for a namespace. Only the packages above it are imported for it."""
    module = sys.modules.get(package)
    places = getattr(module, "__path__", None)
    if module is None:
        try:
            spec = importlib.util.find_spec(package)
        except (ImportError, ValueError):
            spec = None
        places = spec.submodule_search_locations if spec else None
    if places is None:
        raise Refused(f"{package}: no package of this name is installed", name=package)
    return [os.path.abspath(place) for place in places]


def _locks(folder: str, root: str) -> Iterator[str]:
    """The package's own lock; else those that lie in *.dist-info, where pratique.build puts them."""
    own = os.path.join(folder, _lock.NAME)
    if os.path.lexists(own):
        yield own
        return
    try:
        names = sorted(n for n in os.listdir(root) if n.endswith(".dist-info"))
    except OSError:
        return
    for name in names:
        path = os.path.join(root, name, _lock.NAME)
        if os.path.lexists(path):
            yield path


def _read_lock(package: str, path: str) -> _lock.Lock:
    try:
        fd = _open(path)
        with open(fd, "rb") as file:
            return _lock.parse(file.read(_lock.MOST_BYTES + 1))
    except (OSError, _lock.LockError) as e:
        raise Refused(f"{path}: {_reason(e)}; install the package again", name=package, path=path) from None


def _entries(lock: _lock.Lock, package: str, name: str) -> list[_lock.Entry]:
    """The entries of one name that count here: by its path, else by what comes before the dot."""
    counting = _target.counting(lock.files, _target.here())
    inside = package.replace(".", "/") + "/"
    for full in (inside + name, name):
        found = [e for e in counting if e.name == full]
        if found:
            return found
    found = [e for e in counting if e.name.startswith(inside)
             and e.name.rsplit("/", 1)[-1].split(".")[0] in (name, "lib" + name)]
    return found if len({e.name for e in found}) == 1 else []


# The bytes: opened once, copied to where nobody can change them, hashed there.


@contextmanager
def _verified(pinned: _Pinned) -> Iterator[tuple[str, int]]:
    """A path to load from, and a descriptor of the same bytes, which are as pinned."""
    try:
        source = _open(pinned.path)
    except OSError as e:
        raise _refused(pinned, f"cannot be opened: {_reason(e)}") from None
    try:
        size = os.fstat(source).st_size
        if size not in [e.size for e in pinned.entries]:
            raise _refused(pinned, f"has {size} bytes")
        memory = _memory_file(os.path.basename(pinned.path))
        if memory is None:
            with _private_copy(pinned, source, size) as found:
                yield found
        else:
            yield _sealed(pinned, source, memory, size)
    finally:
        os.close(source)


def _open(path: str) -> int:
    """A descriptor of a regular file; not of what a link leads to. Raises OSError."""
    flags = os.O_RDONLY
    for flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_NONBLOCK", "O_NOCTTY", "O_BINARY"):
        flags |= getattr(os, flag, 0)  # a pipe of that name would block
    fd = os.open(path, flags)
    if not stat.S_ISREG(os.fstat(fd).st_mode):
        os.close(fd)
        raise OSError("not a regular file")
    return fd


def _memory_file(name: str) -> Optional[int]:
    """An empty file in memory that can be sealed; None where there is none to be had."""
    if not sys.platform.startswith("linux") or not hasattr(os, "memfd_create"):
        return None
    for flags in (_NOEXEC_SEAL, 0):
        try:
            fd = os.memfd_create(name[:200], os.MFD_CLOEXEC | os.MFD_ALLOW_SEALING | flags)
        except OSError:
            continue
        if _is_same(f"/proc/self/fd/{fd}", fd):
            return fd
        os.close(fd)
    return None


def _is_same(path: str, fd: int) -> bool:
    """Whether the path leads to what is open: something else may be mounted on /proc."""
    try:
        return os.path.samestat(os.stat(path), os.fstat(fd))
    except OSError:
        return False


def _sealed(pinned: _Pinned, source: int, memory: int, size: int) -> tuple[str, int]:
    """The path of the memory file, filled, sealed and found to be as pinned."""
    try:
        _copy(source, memory, size)
        fcntl.fcntl(memory, fcntl.F_ADD_SEALS, fcntl.F_SEAL_SEAL | fcntl.F_SEAL_SHRINK
                    | fcntl.F_SEAL_GROW | fcntl.F_SEAL_WRITE)
        _check(pinned, memory)
    except BaseException as e:
        os.close(memory)
        if isinstance(e, OSError) and not isinstance(e, ImportError):
            raise _refused(pinned, f"cannot be copied: {_reason(e)}") from None
        raise
    _held.append(memory)
    # A path of its own for each, should somebody close all descriptors and the number come again.
    return f"/proc/self/fd/{'./' * (len(_held) % 1000)}{memory}", memory


@contextmanager
def _private_copy(pinned: _Pinned, source: int, size: int) -> Iterator[tuple[str, int]]:
    import shutil
    import tempfile

    folder = tempfile.mkdtemp(prefix="pratique-")
    copy = os.path.join(folder, os.path.basename(pinned.path))
    flags = os.O_RDWR | os.O_CREAT | os.O_EXCL
    for flag in ("O_CLOEXEC", "O_NOFOLLOW", "O_BINARY"):
        flags |= getattr(os, flag, 0)
    try:
        fd = os.open(copy, flags, 0o600)
        try:
            _copy(source, fd, size)
            _check(pinned, fd)
            if os.name == "nt":  # a file that is open for writing is not loaded there
                os.close(fd)
                fd = os.open(copy, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            yield copy, fd
        finally:
            os.close(fd)
    finally:
        shutil.rmtree(folder, ignore_errors=True)  # Windows keeps what is loaded


def _copy(source: int, target: int, size: int) -> None:
    """At most size bytes: a file that grows meanwhile does not matter, one that shrinks is found
    by its hash.
    """
    left = size
    while left > 0:
        chunk = os.read(source, min(left, _CHUNK))
        if not chunk:
            return
        left -= len(chunk)
        view = memoryview(chunk)
        while view:
            view = view[os.write(target, view):]


def _check(pinned: _Pinned, fd: int) -> None:
    digest = hashlib.sha256()
    os.lseek(fd, 0, os.SEEK_SET)
    size = 0
    while True:
        chunk = os.read(fd, _CHUNK)
        if not chunk:
            break
        digest.update(chunk)
        size += len(chunk)
    found = digest.hexdigest()
    if (found, size) not in [(e.sha256, e.size) for e in pinned.entries]:
        raise _refused(pinned, f"SHA-256 {found}, {size} bytes")


def _has(fd: int, word: bytes) -> bool:
    """Whether the word stands in the file."""
    os.lseek(fd, 0, os.SEEK_SET)
    tail = b""
    while True:
        chunk = os.read(fd, _CHUNK)
        if not chunk:
            return False
        if word in tail + chunk:
            return True
        tail = chunk[-len(word):]


def _reason(e: BaseException) -> str:
    return (e.strerror if isinstance(e, OSError) else None) or str(e)


def _refused(pinned: _Pinned, found: str) -> Refused:
    expected = " or ".join(f"SHA-256 {e.sha256}, {e.size} bytes" for e in pinned.entries)
    return Refused(f"{pinned.path} is not loaded\n  expected: {expected}\n  found:    {found}\n"
                   f"  to bring the right file:  {os.path.basename(sys.executable) or 'python'} -m "
                   f"pratique.fetch {pinned.distribution}\n  or install {pinned.distribution} again",
                   name=pinned.package, path=pinned.path)
