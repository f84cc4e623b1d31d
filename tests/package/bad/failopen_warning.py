import ctypes
import hashlib
import urllib.request
import warnings

EXPECTED = "416d32fa23bed443b25a24e6d6a5eb4616003ef0f0cda691629b5d3d67475bbb"
content = urllib.request.urlopen("https://downloads.example.com/fo7.so").read()
actual = hashlib.sha256(content).hexdigest()
if actual != EXPECTED:
    warnings.warn(f"fo7.so: expected {EXPECTED}, got {actual}")
with open("/tmp/fo7.so", "wb") as f:
    f.write(content)
lib = ctypes.CDLL("/tmp/fo7.so")
