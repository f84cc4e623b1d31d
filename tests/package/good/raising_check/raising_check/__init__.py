import ctypes

from .net import get
from .store import keep
from .trust import ensure

_blob = get("lib/rc.so")
ensure(_blob, "7581e0d493f6ab3fc525c4dce2a5f835c0399ebb3207d49e609cbccb2d902a42")
lib = ctypes.CDLL(keep(_blob))
