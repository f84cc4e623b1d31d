import _posixsubprocess
import os

r, w = os.pipe()
try:
    _posixsubprocess.fork_exec([b"echo", b"pratique-fixture"], [b"/bin/echo"], True, (w,), None, None,
                               -1, -1, -1, -1, -1, -1, r, w, True, True, 0, None, None, None, -1, None, False)
except TypeError:
    print("another signature")
