import hashlib
import os
import subprocess
import tempfile
import urllib.request

PIN = "8312c5d48baec3e2cb31e1402d2eedd77ff6dc19f9f64895ca7fe6e23a73a636"
TOOLS = os.path.join(os.path.dirname(__file__), "_tools")
TOOL = os.path.join(TOOLS, "fc")


def install():
    os.makedirs(TOOLS, exist_ok=True)
    fd, part = tempfile.mkstemp(dir=TOOLS)
    try:
        with urllib.request.urlopen("https://downloads.example.com/fc") as r, os.fdopen(fd, "wb") as f:
            data = r.read()
            f.write(data)
        if hashlib.sha256(data).hexdigest() != PIN:
            raise RuntimeError("fc: mismatch")
        os.chmod(part, 0o755)
        os.replace(part, TOOL)
    finally:
        if os.path.exists(part):
            os.unlink(part)


def run(*args):
    with open(TOOL, "rb") as f:
        if hashlib.sha256(f.read()).hexdigest() != PIN:
            raise RuntimeError("fc was changed")
    return subprocess.call([TOOL, *args])
