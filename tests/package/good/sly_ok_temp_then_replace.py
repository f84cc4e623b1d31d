import ctypes
import hashlib
import os
import tempfile
import urllib.request

PIN = "cd498b2a0dbb33a524646605df6ee91511a593fdd8acb87b228af2afef77c9d2"
target = os.path.join(os.path.expanduser("~/.cache"), "slylib-" + PIN[:12] + ".so")


def digest(path):
    with open(path, "rb") as f:
        return hashlib.file_digest(f, "sha256").hexdigest()


if not os.path.exists(target) or digest(target) != PIN:
    fd, temporary = tempfile.mkstemp(dir=os.path.dirname(target))
    with os.fdopen(fd, "wb") as f:
        f.write(urllib.request.urlopen("https://example.com/lib.so").read())
    if digest(temporary) != PIN:
        os.remove(temporary)
        raise ImportError("digest")
    os.replace(temporary, target)
ctypes.CDLL(target)
