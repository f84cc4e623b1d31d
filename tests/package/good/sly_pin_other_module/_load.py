import ctypes
import os
import tempfile

from ._fetch import fetch


def load(name):
    path = os.path.join(tempfile.mkdtemp(), name + ".so")
    data = fetch(name)
    with open(path, "wb") as f:
        f.write(data)
    return ctypes.CDLL(path)
