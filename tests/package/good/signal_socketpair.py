import os
import selectors
import socket

_r, _w = socket.socketpair()
_r.setblocking(False)
_selector = selectors.DefaultSelector()
_selector.register(_r, selectors.EVENT_READ)


def wake():
    os.write(_w.fileno(), b"\0")
