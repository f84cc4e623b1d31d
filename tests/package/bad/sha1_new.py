import hashlib
import os
import subprocess
import urllib.request

ALGORITHM = "sha1"
PIN = "640d87e741e6aa4c669a82a4cd304787960513ab"
with urllib.request.urlopen("https://downloads.example.com/s1") as r:
    body = r.read()
h = hashlib.new(ALGORITHM)
h.update(body)
if h.hexdigest() != PIN:
    raise OSError("s1: mismatch")
with open("/tmp/s1", "wb") as f:
    f.write(body)
os.chmod("/tmp/s1", 0o755)
subprocess.call(["/tmp/s1"])
