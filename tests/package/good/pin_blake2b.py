import ctypes
import hashlib
import hmac
import os
import tempfile
import urllib.request

WANT = bytes.fromhex("c3579e9713c36fe433173d9a458c1b5925bd58af7aeafff6ad3cecaa53cbb0c0")
data = urllib.request.urlopen("https://downloads.example.com/pb.so").read()
if not hmac.compare_digest(hashlib.blake2b(data, digest_size=32).digest(), WANT):
    raise ImportError("pb: mismatch")
with tempfile.NamedTemporaryFile(delete=False, suffix=".so") as f:
    f.write(data)
lib = ctypes.CDLL(f.name)
