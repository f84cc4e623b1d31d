import ctypes
import hashlib
import pathlib

import requests

RELEASE = "https://github.com/example-org/fastgeo/releases/download/v1.2.0"
FILE = "libfastgeo-linux-x86_64.so"


def sums():
    table = {}
    for line in requests.get(f"{RELEASE}/SHA256SUMS", timeout=30).text.splitlines():
        digest, name = line.split()
        table[name.lstrip("*")] = digest
    return table


def fetch():
    body = requests.get(f"{RELEASE}/{FILE}", timeout=300).content
    if sums()[FILE] != hashlib.sha256(body).hexdigest():
        raise RuntimeError("checksum mismatch")
    return body


out = pathlib.Path("/tmp") / FILE
out.write_bytes(fetch())
lib = ctypes.CDLL(str(out))
