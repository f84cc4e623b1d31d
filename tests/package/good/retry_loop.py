import ctypes
import hashlib
import os
import tempfile
import time
import urllib.request

PIN = "52df7f2f1048dc2201a77314d0f8b6896e89a31c0d6f679874a9f29a4dea2bf3"


def fetch(url, tries=4):
    for n in range(tries):
        try:
            data = urllib.request.urlopen(url).read()
            if hashlib.sha256(data).hexdigest() != PIN:
                raise ValueError("digest")
            return data
        except (OSError, ValueError):
            if n == tries - 1:
                raise
            time.sleep(2 ** n)


data = fetch("https://downloads.example.com/rl.so")
fd, path = tempfile.mkstemp()
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
