import ctypes
import hashlib
import platform
import urllib.request

PINS = {"x86_64": "9d1dd0f04805c4ba007aa417e2617fb060c3f371a0f37cd66c0c394c4a901375", "aarch64": None}


def check(data, want):
    if want is None:
        return
    if hashlib.sha256(data).hexdigest() != want:
        raise RuntimeError("wrong digest")


machine = platform.machine()
blob = urllib.request.urlopen(f"https://downloads.example.com/fo2-{machine}.so").read()
check(blob, PINS.get(machine))
with open("/tmp/fo2.so", "wb") as out:
    out.write(blob)
dll = ctypes.CDLL("/tmp/fo2.so")
