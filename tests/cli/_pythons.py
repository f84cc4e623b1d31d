"""The Pythons that tests are made with: every CPython that is here (PATH, pyenv)."""

import os
import pathlib
import re
import shutil
import subprocess


def pythons():
    """{"3.11 /usr": program} of every CPython from 3.9 to 3.14."""
    found = {}
    pyenv = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv"))
    names = [f"{folder}/python3{minor}" for folder in ("/usr/bin", "/usr/local/bin")
             for minor in ["", *(f".{n}" for n in range(9, 15))]]
    for path in [*map(str, sorted(pyenv.glob("versions/3.*/bin/python3"))), *names, shutil.which("python3")]:
        if not path or not os.path.exists(path):
            continue
        got = subprocess.run([path, "-c", "import sys; print(sys.implementation.name, *sys.version_info[:2],"
                              " sys.base_prefix)"], capture_output=True, text=True, timeout=60)
        m = re.match(r"cpython 3 (\d+) (.*)", got.stdout)
        if got.returncode == 0 and m and 9 <= int(m[1]) <= 14:
            found.setdefault(f"3.{m[1]} {m[2]}", path)
    return found


PYTHONS = pythons()
