#!/usr/bin/env python3
"""Writes a small wheel into a folder, for when there is no network to fetch a real one.

Usage: make_wheel.py FOLDER
"""

import base64
import hashlib
import pathlib
import sys
import zipfile

FILES = {
    "harbour/__init__.py": '"""Tides and berths."""\n\n\ndef berths(ships, free):\n'
                           "    return min(len(ships), free)\n",
    "harbour-1.0.dist-info/METADATA": "Metadata-Version: 2.1\nName: harbour\nVersion: 1.0\n",
    "harbour-1.0.dist-info/WHEEL": "Wheel-Version: 1.0\nGenerator: demo\nRoot-Is-Purelib: true\n"
                                   "Tag: py3-none-any\n",
}
RECORD = "harbour-1.0.dist-info/RECORD"


def main():
    record = ""
    path = pathlib.Path(sys.argv[1], "harbour-1.0-py3-none-any.whl")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in FILES.items():
            digest = base64.urlsafe_b64encode(hashlib.sha256(content.encode()).digest())
            record += f"{name},sha256={digest.decode().rstrip('=')},{len(content)}\n"
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)
        z.writestr(zipfile.ZipInfo(RECORD, (2026, 1, 1, 0, 0, 0)), record + f"{RECORD},,\n")


if __name__ == "__main__":
    main()
