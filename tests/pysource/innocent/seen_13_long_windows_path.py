import os
from pathlib import Path


def extended(path):
    if os.name == "nt":
        return Path("\\\\?\\" + str(path))
    return path


def names(path: Path):
    return [p.name for p in extended(path).iterdir()]


print(names(Path(".")))
