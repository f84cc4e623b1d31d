"""Reads pratique.lock, strictly: docs/LOCK.md, version 1.

What is wrong anywhere makes the whole lock wrong. Nothing here opens a file, and nothing is done
on import. The program `pratique` has the same reader in C, which also looks into signatures;
tests/python holds them side by side.
"""

from __future__ import annotations

import json
import re
from typing import Any, NamedTuple, NoReturn

NAME = "pratique.lock"
FORMAT = "pratique-lock-1"
MOST_BYTES = 1 << 20
MOST_FILES = 1024
MOST_URLS = 16
MOST_SIZE = 1 << 40
MOST_TEXT = 4096  # of a signature; the rest is shorter

_WORD = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?", re.ASCII)
_VERSION = re.compile(r"[A-Za-z0-9.!+_-]+", re.ASCII)
_TAGS = re.compile(r"[A-Za-z0-9_]+(?:\.[A-Za-z0-9_]+)*", re.ASCII)
_HASH = re.compile(r"[0-9a-f]{64}", re.ASCII)
_HTTPS = re.compile(r"https://[A-Za-z0-9.\-_\[\]][A-Za-z0-9.\-_:\[\]]*(?:[/?].*)?", re.ASCII)
_NOT_IN_URLS = frozenset("\\\"<>^`{|}")
_NOT_IN_NAMES = frozenset('\\:*?"<>|')
# The devices of Windows, which every folder has, whatever follows a dot.
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|com[0-9]|lpt[0-9]) *(?:\..*)?", re.ASCII | re.I)
_TOP = {"format", "package", "version", "files"}
_MUST = {"name", "platform", "abi", "urls", "sha256", "size"}
_MAY = {"python", "member", "member_sha256", "member_size", "signature"}
# Words in a key that asks for a hash from elsewhere.
_ELSEWHERE = re.compile(r"sum|manifest|sha|hash|digest", re.I)


class LockError(ValueError):
    """The lock is not what docs/LOCK.md says."""


class Entry(NamedTuple):
    """One file of a lock, for the tags that it names. sha256 and size are of the file itself:
    of the member where the URL gives an archive.
    """

    name: str
    platform: str
    abi: str
    python: str  # "" when the lock has none
    sha256: str
    size: int


class Lock(NamedTuple):
    """A whole lock. package is the name on the index, not the one that is imported."""

    package: str
    version: str
    files: tuple[Entry, ...]


def parse(data: bytes) -> Lock:
    """The lock that these bytes are. Raises LockError, which names the key."""
    if len(data) > MOST_BYTES:
        raise LockError(f"larger than {MOST_BYTES} bytes")
    try:
        top = json.loads(data.decode("utf-8"), object_pairs_hook=_no_key_twice,
                         parse_float=_no_fraction, parse_constant=_no_fraction)
    except LockError:
        raise
    except RecursionError:
        raise LockError("nested too deeply") from None
    except ValueError as e:  # also UnicodeDecodeError, and numbers of too many digits
        raise LockError(str(e)) from None
    _keys(top, "the lock", _TOP, set())
    if top["format"] != FORMAT:
        raise LockError(f"format: {top['format']!r}, not {FORMAT!r}")
    package = _matches(top, "package", _WORD)
    version = _matches(top, "version", _VERSION)
    files = top["files"]
    if type(files) is not list or not 1 <= len(files) <= MOST_FILES:
        raise LockError(f"files: a list of 1 to {MOST_FILES}")
    entries = tuple(_entry(item, f"files[{i}]") for i, item in enumerate(files))
    _names_agree(entries)
    return Lock(package, version, entries)


def _no_key_twice(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, value in pairs:
        if key in found:
            raise LockError(f"{key}: the key comes twice")
        found[key] = value
    return found


def _no_fraction(text: str) -> NoReturn:
    raise LockError(f"{text}: only whole numbers are allowed")


def _keys(value: Any, where: str, must: set[str], may: set[str]) -> None:
    if type(value) is not dict:
        raise LockError(f"{where}: not an object")
    for key in value:
        if key not in must and key not in may:
            why = "it is not a key of the format"
            if _ELSEWHERE.search(key):
                why = ("a hash that is fetched from where the file is fetched vouches for nothing "
                       "(a circular pin); the hash itself must stand in the lock")
            raise LockError(f"{where}: {key!r}: {why}")
    for key in sorted(must):
        if key not in value:
            raise LockError(f"{where}: {key!r} is missing")


def _matches(value: dict[str, Any], key: str, pattern: re.Pattern[str], where: str = "", most: int = 255) -> str:
    text = value[key]
    if type(text) is not str or len(text) > most or not pattern.fullmatch(text):
        raise LockError(f"{where}{key}: {text!r} is not allowed there"[:300])
    return text


def _entry(value: Any, where: str) -> Entry:
    _keys(value, where, _MUST, _MAY)
    where += ": "
    name = _name(value, "name", where)
    if name.lower().endswith(NAME) or ".dist-info/" in name.lower():
        raise LockError(f"{where}name: {name!r} would replace what vouches for it")
    _urls(value["urls"], where)
    sha256, size = _matches(value, "sha256", _HASH, where), _size(value, "size", where)
    if {"member", "member_sha256", "member_size"} & value.keys():
        for key in ("member", "member_sha256", "member_size"):
            if key not in value:
                raise LockError(f"{where}{key!r} is missing")
        _name(value, "member", where)
        sha256 = _matches(value, "member_sha256", _HASH, where)
        size = _size(value, "member_size", where)
    if "signature" in value:
        _keys(value["signature"], where + "signature", {"key", "value"}, set())
        if not all(type(text) is str and 1 <= len(text) <= MOST_TEXT for text in value["signature"].values()):
            raise LockError(f"{where}signature: its key and value are texts")
    python = _matches(value, "python", _TAGS, where, 256) if "python" in value else ""
    return Entry(name, _matches(value, "platform", _TAGS, where, 256),
                 _matches(value, "abi", _TAGS, where, 256), python, sha256, size)


def _size(value: dict[str, Any], key: str, where: str) -> int:
    size = value[key]
    if type(size) is not int or not 1 <= size <= MOST_SIZE:
        raise LockError(f"{where}{key}: a number from 1 to {MOST_SIZE}")
    return size


def _name(value: dict[str, Any], key: str, where: str) -> str:
    name = value[key]
    if type(name) is not str or not _good_name(name):
        raise LockError(f"{where}{key}: {name!r} is not a relative path of plain names"[:300])
    return name


def _good_name(name: str) -> bool:
    if len(name) > 1024 or any(not " " <= c <= "~" or c in _NOT_IN_NAMES for c in name):
        return False
    return all(0 < len(part) <= 255 and part not in (".", "..") and part == part.strip(" ")
               and not part.endswith(".") and not _DEVICE.fullmatch(part) for part in name.split("/"))


def _urls(urls: Any, where: str) -> None:
    if type(urls) is not list or not 1 <= len(urls) <= MOST_URLS:
        raise LockError(f"{where}urls: a list of 1 to {MOST_URLS}")
    for url in urls:
        if type(url) is not str or len(url) > 2048 or not _good_url(url):
            raise LockError(f"{where}urls: {url!r}: https:// and a host, or file: and a relative "
                            "path; no user, no fragment"[:400])


def _good_url(url: str) -> bool:
    if any(not "!" <= c <= "~" or c in _NOT_IN_URLS for c in url):
        return False
    if url.startswith("file:"):
        return _good_name(url[len("file:"):])
    return "#" not in url and _HTTPS.fullmatch(url) is not None


def _names_agree(entries: tuple[Entry, ...]) -> None:
    folders: dict[str, str] = {}
    names: dict[str, str] = {}
    seen = set()
    for e in entries:
        if names.setdefault(e.name.lower(), e.name) != e.name:
            raise LockError(f"name: {e.name!r} and {names[e.name.lower()]!r} differ in case alone")
        if e[:4] in seen:
            raise LockError(f"name: {e.name!r} comes twice for {e.platform}, {e.abi}")
        seen.add(e[:4])
        parts = e.name.lower().split("/")
        for n in range(1, len(parts)):
            folders["/".join(parts[:n])] = e.name
    for name in names:
        if name in folders:
            raise LockError(f"name: {names[name]!r} is a folder of {folders[name]!r}")
