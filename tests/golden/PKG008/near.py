import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
URL = os.environ.get('LIB_MIRROR', 'https://d.example.com') + '/lib.so'
data = urllib.request.urlopen(URL).read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError('lib.so: mismatch')
with open('/opt/lib/lib.so', 'wb') as f:
    f.write(data)
lib = ctypes.CDLL('/opt/lib/lib.so')
