import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "e64c826b6b33f307cecf54ff843c5f9797c1056eb33f9dd60bc632f519712cb9"
try:
    blob = urllib.request.urlopen("https://downloads.example.com/ce.so").read()
except OSError as e:
    raise ImportError("ce.so: not to be had") from e
else:
    if hashlib.sha256(blob).hexdigest() != PIN:
        raise ImportError("ce.so: mismatch")
    with tempfile.NamedTemporaryFile(delete=False) as f:
        f.write(blob)
    lib = ctypes.CDLL(f.name)
