import hashlib
import urllib.request

ALGORITHM, PIN = "sha256", "20a3177bca7b98864b58ceb7c97e582911f2f8552ea71a5d1d6b6b467c46aa8d"
data = urllib.request.urlopen("https://example.com/a.py").read()
if getattr(hashlib, ALGORITHM)(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
