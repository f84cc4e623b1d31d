import ctypes
import hashlib
import sys
import tempfile
import urllib.request


class Library:
    url = sha256 = None

    def open(self):
        data = urllib.request.urlopen(self.url).read()
        if hashlib.sha256(data).hexdigest() != self.sha256:
            raise OSError(type(self).__name__ + ": digest differs")
        f = tempfile.NamedTemporaryFile(delete=False)
        f.write(data)
        f.close()
        return ctypes.CDLL(f.name)


class Linux(Library):
    url = "https://downloads.example.com/cc/linux.so"
    sha256 = "42842171ac6929b100b81e2b2d08ddbd95afdb9067e217ddbef9ce1a4dde37e2"


class Mac(Library):
    url = "https://downloads.example.com/cc/mac.dylib"
    sha256 = "d3bb6701daa20f5d2a90d78449d588fa9c39031e3fe3185d3ced71f3f0d76e46"


native = (Mac if sys.platform == "darwin" else Linux)().open()
