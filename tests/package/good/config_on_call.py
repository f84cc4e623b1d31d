import os
import pathlib
import tomllib


def config_path():
    base = os.environ.get("XDG_CONFIG_HOME") or pathlib.Path.home() / ".config"
    return pathlib.Path(base) / "myapp" / "config.toml"


def load():
    path = config_path()
    return tomllib.loads(path.read_text()) if path.exists() else {}


def save(values):
    path = config_path()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(f"{k} = {v!r}\n" for k, v in values.items()))
