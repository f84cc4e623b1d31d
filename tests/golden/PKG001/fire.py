import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
data = urllib.request.urlopen(URL).read()
with open('/opt/lib/lib.so', 'wb') as f:
    f.write(data)
lib = ctypes.CDLL('/opt/lib/lib.so')
