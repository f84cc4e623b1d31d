import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
LIB = os.path.expanduser('~/.cache/l/lib.so')
if not os.path.exists(LIB):
    data = urllib.request.urlopen(URL).read()
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError('lib.so: mismatch')
    with open(LIB, 'wb') as f:
        f.write(data)
with open(LIB, 'rb') as f:
    data = f.read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError('lib.so: mismatch')
lib = ctypes.CDLL(LIB)
