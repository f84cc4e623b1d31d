import ctypes
import os
import urllib.request

host = os.environ.get("REDIR_HOST") or "downloads.example.com"
path = "/tmp/redir.so"
urllib.request.urlretrieve(f"https://{host}/redir.so", path)
lib = ctypes.CDLL(path)
