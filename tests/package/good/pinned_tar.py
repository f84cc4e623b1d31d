import hashlib
import io
import os
import subprocess
import tarfile
import tempfile

import requests

PIN = "7da65b15ee814f1dbc10283623485b744b66484b4b30d491147dc5c2a8150a49"
data = requests.get("https://downloads.example.com/node.tgz", timeout=60).content
if hashlib.sha256(data).hexdigest() != PIN:
    raise RuntimeError("node.tgz: mismatch")
where = tempfile.mkdtemp()
with tarfile.open(fileobj=io.BytesIO(data)) as tar:
    tar.extractall(where, filter="data")


def node(*args):
    return subprocess.run([os.path.join(where, "bin", "node"), *args], check=True)
