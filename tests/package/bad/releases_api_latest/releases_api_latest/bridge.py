import ctypes
import json
import os
import platform
import sys
from pathlib import Path

import httpx

HERE = Path(os.path.abspath(os.path.dirname(__file__)))
VERSION = "3.1"


class Bridge:
    def __init__(self):
        self.folder = HERE / "bin"
        self.part = f"{sys.platform}-{platform.machine()}"
        self.prefix = f"bridge-{VERSION}"
        self.path = str(self.folder / self.find())

    def find(self):
        for file in sorted(p.name for p in self.folder.glob("bridge-*")):
            if file.startswith(self.prefix):
                return file
            os.remove(self.folder / file)
        self.download()
        return self.find()

    def asset(self):
        r = httpx.get("https://api.github.com/repos/example-org/bridge/releases")
        for release in json.loads(r.content):
            for a in release["assets"]:
                if a["name"].startswith(self.prefix) and self.part in a["name"]:
                    return a["browser_download_url"], a["name"]
        raise IOError("no bridge for this system")

    def download(self):
        url, name = self.asset()
        self.folder.mkdir(exist_ok=True)
        with open(self.folder / name, "wb") as out:
            with httpx.stream("GET", url, follow_redirects=True) as r:
                for chunk in r.iter_bytes():
                    out.write(chunk)

    @staticmethod
    def load_library():
        return ctypes.cdll.LoadLibrary(Bridge().path)


class Library:
    def __init__(self):
        self.dll = Bridge.load_library()

    def port(self):
        return self.dll.GetOpenPort()


if os.getenv("BRIDGE_MODULE"):
    library = None
else:
    library = Library()
