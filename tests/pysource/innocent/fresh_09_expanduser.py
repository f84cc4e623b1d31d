import os
from pathlib import Path
CACHE = os.path.expanduser("~/.cache/fixture")
HOME = Path.home() / ".config" / "fixture.json"


def read():
    with open(os.path.expanduser("~/.fixture")) as f:
        return f.read()


def settings():
    return HOME.read_text() if HOME.exists() else ""
