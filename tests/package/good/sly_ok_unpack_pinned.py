import ctypes
import hashlib
import io
import os
import tarfile
import tempfile
import urllib.request

PIN = "f2bbfd32507b80f07c2a07add3cd05686bd1ca2383d23ee02f802ad8af8eccea"
blob = urllib.request.urlopen("https://example.com/lib.tar.gz").read()
if hashlib.sha256(blob).hexdigest() != PIN:
    raise ImportError("digest")
folder = tempfile.mkdtemp()
with tarfile.open(fileobj=io.BytesIO(blob)) as t:
    t.extract("lib/core.so", folder, filter="data")
ctypes.CDLL(os.path.join(folder, "lib", "core.so"))
