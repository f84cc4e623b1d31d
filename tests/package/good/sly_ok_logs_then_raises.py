import hashlib
import logging
import urllib.request

PIN = "0014f3635e91b731f5e02b4216a758ecf2c7da12283d12555b09e18c86a69da0"
log = logging.getLogger("sly")
data = urllib.request.urlopen("https://example.com/a.py").read()
actual = hashlib.sha256(data).hexdigest()
log.debug("digest %s", actual)
if actual != PIN:
    log.error("wanted %s, got %s", PIN, actual)
    raise ImportError(f"digest: wanted {PIN}, got {actual}")
exec(data)
