import hashlib
import urllib.request

PIN = "47f34e8fd3be4e869def9b501de359da155f9b8037c4552d6e2057dab8856c49"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
text = data.decode("utf-8")
exec(compile(text, "a.py", "exec"), {"__name__": "a"})
