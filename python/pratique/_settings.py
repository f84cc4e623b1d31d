"""[tool.pratique] of pyproject.toml.

Python has a reader of TOML since 3.11. Before that the one table is read here, in the forms that
it is written in: strings, and lists of strings. Anything else there is an error, never a guess.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path
from typing import Any, NamedTuple

from pratique import _lock

_KEYS = {"backend", "backend-path", "lock"}


class SettingsError(ValueError):
    """[tool.pratique] is missing or wrong."""


class Settings(NamedTuple):
    """backend: the one that builds. backend_path: where it lies, if in the source tree. lock: where
    pratique.lock lies, as a path in the source tree.
    """

    backend: str
    backend_path: tuple[str, ...]
    lock: Path


def read(tree: Path) -> Settings:
    """The settings of this source tree. Raises SettingsError."""
    file = tree / "pyproject.toml"
    try:
        text = file.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as e:
        raise SettingsError(f"{file}: {e}") from None
    table = _table(text)
    for key in table:
        if key not in _KEYS:
            raise SettingsError(f"[tool.pratique] {key}: known are {', '.join(sorted(_KEYS))}")
    backend, where = table.get("backend"), table.get("backend-path", [])
    if type(backend) is not str or not re.fullmatch(r"[\w.]+(:[\w.]+)?", backend):
        raise SettingsError('[tool.pratique] backend: the backend that builds, such as "setuptools.build_meta"')
    if backend.split(":")[0] == "pratique.build":
        raise SettingsError("[tool.pratique] backend: pratique.build cannot wrap itself")
    if type(where) is not list or not all(type(w) is str for w in where):
        raise SettingsError("[tool.pratique] backend-path: a list of folders")
    return Settings(backend, tuple(where), _lock_path(tree, table.get("lock")))


def _lock_path(tree: Path, named: Any) -> Path:
    if named is not None:
        path = Path(named) if type(named) is str else Path("/")
        if path.is_absolute() or ".." in path.parts or path.name != _lock.NAME:
            raise SettingsError(f"[tool.pratique] lock: the path of {_lock.NAME} in the source tree")
        return path
    found = [p.relative_to(tree) for p in
             (tree / _lock.NAME, *tree.glob(f"*/{_lock.NAME}"), *tree.glob(f"src/*/{_lock.NAME}"))
             if p.is_file()]
    if len(found) != 1:
        raise SettingsError(f"{len(found) or 'no'} {_lock.NAME} in {tree}, PACKAGE or src/PACKAGE; name it: "
                            f'[tool.pratique] lock = "src/thing/{_lock.NAME}"')
    return found[0]


def _table(text: str) -> dict[str, Any]:
    if sys.version_info >= (3, 11):
        import tomllib

        try:
            table = tomllib.loads(text).get("tool", {}).get("pratique")
        except tomllib.TOMLDecodeError as e:
            raise SettingsError(f"pyproject.toml: {e}") from None
    else:
        table = one_table(text, "tool.pratique")
    if not isinstance(table, dict):
        raise SettingsError("pyproject.toml has no [tool.pratique]")
    return table


_SPACE = r"(?:[ \t]|#[^\n]*(?=\n|$)|\r?\n)*"
_STRING = r'"[^"\\\n]*"|\'[^\'\n]*\''
_LIST = rf"\[{_SPACE}(?:(?:{_STRING}){_SPACE}(?:,{_SPACE})?)*\]"
_PAIR = re.compile(rf"{_SPACE}([A-Za-z0-9_-]+)[ \t]*=[ \t]*({_STRING}|{_LIST})[ \t]*(?:#[^\n]*)?(?:\r?\n|$)")
_LONG_STRING = re.compile(r'"""(?:\\.|[^\\])*?"""|\'\'\'.*?\'\'\'', re.S)


def one_table(text: str, name: str) -> Any:
    """The table of this name, of strings and lists of strings; None when there is none."""
    text = _LONG_STRING.sub('""', text)  # could hold what looks like a table
    heads = list(re.finditer(r"^[ \t]*\[" + re.escape(name) + r"\][ \t]*(?:#.*)?$", text, re.M))
    if not heads:
        return None
    if len(heads) > 1:
        raise SettingsError(f"pyproject.toml: [{name}] comes twice")
    rest = text[heads[0].end():]
    end = re.search(r"^[ \t]*\[", rest, re.M)
    body = rest[:end.start()] if end else rest
    return _pairs(body, name)


def _pairs(body: str, name: str) -> dict[str, Any]:
    table: dict[str, Any] = {}
    at = 0
    while True:
        m = _PAIR.match(body, at)
        if not m:
            break
        if m[1] in table:
            raise SettingsError(f"[{name}] {m[1]} comes twice")
        strings = [s[1:-1] for s in re.findall(rf"{_STRING}|#[^\n]*", m[2]) if not s.startswith("#")]
        table[m[1]] = strings if m[2].startswith("[") else strings[0]
        at = m.end()
    if re.sub(r"#[^\n]*", "", body[at:]).strip():
        line = body[at:].strip().splitlines()[0]
        raise SettingsError(f"[{name}]: {line!r} is read by Python 3.11 and later alone; write strings, and "
                            "lists of strings")
    return table
