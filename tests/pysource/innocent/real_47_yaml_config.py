"""Reads a YAML configuration safely and merges overlays."""
import copy
import os
import re
from pathlib import Path

import yaml

VARIABLE = re.compile(r"\$\{(\w+)(?::-([^}]*))?\}")


class Missing(KeyError):
    pass


def expand(value, environ=os.environ):
    if isinstance(value, dict):
        return {k: expand(v, environ) for k, v in value.items()}
    if isinstance(value, list):
        return [expand(v, environ) for v in value]
    if isinstance(value, str):
        return VARIABLE.sub(lambda m: lookup(m, environ), value)
    return value


def lookup(m, environ):
    name, default = m.groups()
    if name in environ:
        return environ[name]
    if default is None:
        raise Missing(name)
    return default


def merge(base, overlay):
    out = copy.deepcopy(base)
    for key, value in overlay.items():
        if isinstance(value, dict) and isinstance(out.get(key), dict):
            out[key] = merge(out[key], value)
        else:
            out[key] = copy.deepcopy(value)
    return out


def read(path):
    with open(path, encoding="utf-8") as f:
        return yaml.safe_load(f) or {}


def load(folder, *names):
    config = {}
    for name in names:
        path = Path(folder, name).with_suffix(".yaml")
        if path.exists():
            config = merge(config, read(path))
    return expand(config)


def flatten(config, prefix=""):
    for key, value in sorted(config.items()):
        name = prefix + str(key)
        if isinstance(value, dict):
            yield from flatten(value, name + ".")
        else:
            yield name, value


merged = merge({"exec": {"mode": "a", "n": 1}}, {"exec": {"mode": "b"}})
assert dict(flatten(merged)) == {"exec.mode": "b", "exec.n": 1}
assert expand("${NOPE:-eval}", {}) == "eval"
