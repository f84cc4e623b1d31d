"""Builds the wheel and the sdist of pratique itself, with nothing but this folder.

-C program=PATH puts the program into the wheel, which is then for this platform; `make python` does.
"""

import re
import sysconfig
import tarfile
from pathlib import Path

from pratique import __version__, _program, _wheel

_NAME = _wheel.FileName("pratique", __version__, "", "py3", "none", "any")
_SOURCES = ["README.md", "pyproject.toml", "_backend.py", *map(str, sorted(Path("pratique").glob("*.py"))),
            "pratique/py.typed"]


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    program = (config_settings or {}).get("program")
    name = _NAME._replace(platform=_program_platform()) if program else _NAME
    content = [_wheel.from_file(s, Path(s)) for s in _SOURCES if s.startswith("pratique/")]
    if program:
        content.append(_wheel.from_file("pratique/" + _program.INSIDE, Path(program), executable=True))
    content += [_wheel.from_bytes(f"{name.dist_info}/METADATA", _metadata()),
                _wheel.from_bytes(f"{name.dist_info}/WHEEL",
                                  _wheel.retag(b"Wheel-Version: 1.0\nGenerator: pratique\n", name))]
    return _wheel.write(Path(wheel_directory), name, content)


def build_sdist(sdist_directory, config_settings=None):
    top = f"pratique-{__version__}"
    with tarfile.open(Path(sdist_directory, top + ".tar.gz"), "w:gz", format=tarfile.PAX_FORMAT) as sdist:
        Path(sdist_directory, "PKG-INFO").write_bytes(_metadata())
        sdist.add(Path(sdist_directory, "PKG-INFO"), f"{top}/PKG-INFO")
        Path(sdist_directory, "PKG-INFO").unlink()
        for source in _SOURCES:
            sdist.add(source, f"{top}/{source}")
    return top + ".tar.gz"


def _program_platform():
    return re.sub("[-.]", "_", sysconfig.get_platform())


def _metadata():
    """From pyproject.toml, which is the one place where these are written."""
    text = Path("pyproject.toml").read_text(encoding="utf-8")

    def value(key):
        return re.search(rf'^{key} = "(.*)"$', text, re.M)[1]

    return (f"Metadata-Version: 2.1\nName: {value('name')}\nVersion: {__version__}\n"
            f"Summary: {value('description')}\nLicense: {value('license')}\n"
            f"Requires-Python: {value('requires-python')}\nDescription-Content-Type: text/markdown\n\n"
            + Path("README.md").read_text(encoding="utf-8")).encode()
