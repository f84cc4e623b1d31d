import ctypes
import hashlib
import os
import tempfile
import urllib.request

BASE = os.environ.get("MEP_MIRROR", "https://downloads.example.com/mep")
PIN = "2be4993d4fecf2e431ea89e29263ec0cd74ee93fd01877420eb0d2cef14311d7"
data = urllib.request.urlopen(f"{BASE}/mep.so").read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("mep.so: mismatch")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
