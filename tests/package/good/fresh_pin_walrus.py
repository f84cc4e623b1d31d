import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "dae50e5638bd668f7aa7421a16654b1efaf1b7b9c90f4cc1f1e5a2cadc99ac0a"
data = urllib.request.urlopen("https://downloads.example.com/fpw.so").read()
if (got := hashlib.sha256(data).hexdigest()) != PIN:
    raise ImportError(f"fpw.so: {got}")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
