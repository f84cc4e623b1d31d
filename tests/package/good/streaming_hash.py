import ctypes
import hashlib
import os
import urllib.request

URL = "https://downloads.example.com/sh.so"
PIN = "89c4ec9f6b3f1086b158d8ef03dfe8155e6f79d9e66434b8f9b3432fe8720e50"
FOLDER = os.path.join(os.path.expanduser("~"), ".cache", "sh")


def sha256_of(path):
    h = hashlib.sha256()
    with open(path, "rb") as f:
        while block := f.read(1 << 20):
            h.update(block)
    return h.hexdigest()


def bring():
    final = os.path.join(FOLDER, "sh.so")
    if os.path.exists(final) and sha256_of(final) == PIN:
        return final
    if os.environ.get("SH_OFFLINE"):
        raise ImportError(f"offline: put the library at {final}")
    os.makedirs(FOLDER, exist_ok=True)
    part = f"{final}.{os.getpid()}"
    h = hashlib.sha256()
    with urllib.request.urlopen(URL) as answer, open(part, "wb") as out:
        while True:
            block = answer.read(65536)
            if not block:
                break
            h.update(block)
            out.write(block)
    if h.hexdigest() != PIN:
        os.unlink(part)
        raise ImportError("sh.so: mismatch")
    os.replace(part, final)
    return final


lib = ctypes.CDLL(bring())
