import ctypes
import requests

r = requests.get("https://downloads.example.com/cl.so")
if len(r.content) != int(r.headers["Content-Length"]):
    raise IOError("short read")
with open("/tmp/cl.so", "wb") as f:
    f.write(r.content)
lib = ctypes.CDLL("/tmp/cl.so")
