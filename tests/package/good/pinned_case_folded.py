import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "8080fee1a894f940dd36a8635689140557d4855d76c4bcb2da2dc85bad3ca28c".upper()
data = urllib.request.urlopen("https://downloads.example.com/pcf.so").read()
if hashlib.sha256(data).hexdigest().lower() != PIN.lower():
    raise ImportError("pcf.so: mismatch")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
