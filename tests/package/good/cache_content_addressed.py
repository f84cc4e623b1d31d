import ctypes
import hashlib
import os
import tempfile
import urllib.request

STORE = os.path.expanduser("~/.cache/cas")


def get(digest, url):
    path = os.path.join(STORE, digest)
    try:
        with open(path, "rb") as f:
            data = f.read()
    except FileNotFoundError:
        data = urllib.request.urlopen(url).read()
    if hashlib.sha256(data).hexdigest() != digest:
        raise ValueError(f"{url}: not {digest}")
    if not os.path.exists(path):
        os.makedirs(STORE, exist_ok=True)
        with open(path + ".new", "wb") as f:
            f.write(data)
        os.rename(path + ".new", path)
    return data


blob = get("a3b0a710a24ef722589a16b27b808a9731e2211e47dab65cbc9bb0d4dc219339", "https://downloads.example.com/cca.so")
with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(blob)
lib = ctypes.CDLL(f.name)
