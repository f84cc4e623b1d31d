import ctypes
import hashlib
import io
import os
import tempfile
import urllib.request
import zipfile

PIN = "917adf1964c2772112669d809de9655b97ab6fb11242f802489b9689436e5a5a"
raw = urllib.request.urlopen("https://downloads.example.com/pz.zip").read()
if hashlib.sha256(raw).hexdigest() != PIN:
    raise ImportError("pz.zip: mismatch")
with zipfile.ZipFile(io.BytesIO(raw)) as z:
    data = z.read("lib/pz.so")
fd, path = tempfile.mkstemp(suffix=".so")
with os.fdopen(fd, "wb") as f:
    f.write(data)
lib = ctypes.CDLL(path)
