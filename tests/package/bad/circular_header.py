import ctypes
import hashlib
import requests

answer = requests.get("https://downloads.example.com/lib/hdr.so")
expected = answer.headers["X-Checksum-Sha256"]
if hashlib.sha256(answer.content).hexdigest() != expected:
    raise SystemExit("bad download")
with open("/tmp/hdr.so", "wb") as f:
    f.write(answer.content)
lib = ctypes.CDLL("/tmp/hdr.so")
