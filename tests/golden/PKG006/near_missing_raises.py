import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
import platform

PINS = {'x86_64': PIN}
data = urllib.request.urlopen(URL).read()
want = PINS.get(platform.machine())
if want is None:
    raise ImportError('no pin for it')
if hashlib.sha256(data).hexdigest() != want:
    raise ImportError('lib.so: mismatch')
with open('/opt/lib/lib.so', 'wb') as f:
    f.write(data)
lib = ctypes.CDLL('/opt/lib/lib.so')
