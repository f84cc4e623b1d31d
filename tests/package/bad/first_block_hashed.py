import ctypes
import hashlib
import urllib.request

PIN = "5f3731b52ad0fb2f820b91495eb9961aebcbbc79d5881e5a26a382e694b9ccc0"
urllib.request.urlretrieve("https://downloads.example.com/fb.so", "/tmp/fb.so")
with open("/tmp/fb.so", "rb") as f:
    head = f.read(4096)
if hashlib.sha256(head).hexdigest() != PIN:
    raise ImportError("fb: mismatch")
lib = ctypes.CDLL("/tmp/fb.so")
