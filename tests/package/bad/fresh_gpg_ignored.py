import ctypes
import subprocess
import urllib.request

BASE = "https://downloads.example.com/gpg/"
for name in ("lib.so", "lib.so.asc"):
    urllib.request.urlretrieve(BASE + name, "/tmp/" + name)
subprocess.run(["gpg", "--verify", "/tmp/lib.so.asc", "/tmp/lib.so"])
lib = ctypes.CDLL("/tmp/lib.so")
