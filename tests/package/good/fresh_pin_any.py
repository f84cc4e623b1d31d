import ctypes
import hashlib
import hmac
import tempfile
import urllib.request

PINS = ("c6267c438b1063904504628700edee7dcc5c82d8698870e14ef9a15673501274", "d5af701f44c0fbb16ab807af75829b4eed70db7d33dd300e1841d24826589388")
data = urllib.request.urlopen("https://downloads.example.com/fa.so").read()
digest = hashlib.sha256(data).hexdigest()
if not any(hmac.compare_digest(digest, pin) for pin in PINS):
    raise ImportError("fa.so: none of the known builds")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
