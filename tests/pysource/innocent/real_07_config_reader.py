"""Layers of configuration: defaults, a file, the environment, the command line."""
import configparser
import json
import os
from pathlib import Path
from typing import Any, Mapping

DEFAULTS = {"host": "localhost", "port": 8080, "debug": False, "exec_mode": "thread", "open_files": 64}


class ConfigError(Exception):
    pass


def convert(value: str, like: Any) -> Any:
    if isinstance(like, bool):
        if value.lower() in ("1", "yes", "true", "on"):
            return True
        if value.lower() in ("0", "no", "false", "off"):
            return False
        raise ConfigError("not a boolean: %r" % value)
    if isinstance(like, (int, float)):
        try:
            return type(like)(value)
        except ValueError as e:
            raise ConfigError(str(e)) from None
    return value


def from_ini(path: Path) -> dict:
    parser = configparser.ConfigParser(interpolation=None)
    with open(path, encoding="utf-8") as f:
        parser.read_file(f)
    return dict(parser["app"]) if parser.has_section("app") else {}


def from_json(path: Path) -> dict:
    data = json.loads(path.read_text(encoding="utf-8"))
    if not isinstance(data, dict):
        raise ConfigError("%s: an object is expected" % path)
    return {k: str(v) for k, v in data.items()}


READERS = {".ini": from_ini, ".cfg": from_ini, ".json": from_json}


def from_environment(environ: Mapping[str, str], prefix: str = "APP_") -> dict:
    return {k[len(prefix):].lower(): v for k, v in environ.items() if k.startswith(prefix)}


class Config:
    def __init__(self, *layers: Mapping[str, str]):
        self._values = dict(DEFAULTS)
        for layer in layers:
            for key, value in layer.items():
                if key not in DEFAULTS:
                    raise ConfigError("unknown key: " + key)
                self._values[key] = convert(value, DEFAULTS[key])

    def __getattr__(self, name: str) -> Any:
        try:
            return self.__dict__["_values"][name]
        except KeyError:
            raise AttributeError(name) from None

    def __repr__(self):
        return "Config(%s)" % ", ".join("%s=%r" % i for i in sorted(self._values.items()))


def load(path: str = "app.ini", environ: Mapping[str, str] = os.environ) -> Config:
    p = Path(path)
    layers = [READERS[p.suffix](p)] if p.exists() else []
    return Config(*layers, from_environment(environ, "PRATIQUE_FIXTURE_"))


print(load("nonexistent.ini").exec_mode)
