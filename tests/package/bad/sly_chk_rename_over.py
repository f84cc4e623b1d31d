import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "afae42a9415e6e8787d1547638407295e782f8c199a19765b476cd5b69aa79ef"
folder = tempfile.mkdtemp()
lib, new = os.path.join(folder, "lib.so"), os.path.join(folder, "new.so")
urllib.request.urlretrieve("https://example.com/a.so", lib)
with open(lib, "rb") as f:
    if hashlib.sha256(f.read()).hexdigest() != PIN:
        raise ImportError("digest")
urllib.request.urlretrieve("https://example.com/update.so", new)
os.replace(new, lib)
ctypes.CDLL(lib)
