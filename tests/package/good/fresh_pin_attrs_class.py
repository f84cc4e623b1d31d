import ctypes
import hashlib
import pathlib
import urllib.request


class Library:
    def __init__(self, url="https://downloads.example.com/fac.so", sha256="002af3c45720e7dd3c16f14386cf82ebea6b302e046f7e5040995055468b453f"):
        self.url, self.sha256 = url, sha256

    @property
    def path(self):
        return pathlib.Path.home() / ".cache" / "fac" / self.sha256

    def _good(self, data):
        return hashlib.sha256(data).hexdigest() == self.sha256

    def bytes(self):
        if self.path.exists():
            data = self.path.read_bytes()
            if self._good(data):
                return data
        data = urllib.request.urlopen(self.url).read()
        if not self._good(data):
            raise ImportError("fac.so: mismatch")
        self.path.parent.mkdir(parents=True, exist_ok=True)
        temporary = self.path.with_suffix(".new")
        temporary.write_bytes(data)
        temporary.rename(self.path)
        return data

    def load(self):
        if not self._good(self.bytes()):
            raise ImportError("fac.so changed")
        return ctypes.CDLL(str(self.path))


lib = Library().load()
