import hashlib
import pathlib
import urllib.request

_here = pathlib.Path(__file__).parent


def _pin(name):
    for line in (_here / "SHA256SUMS").read_text().splitlines():
        digest, _, file = line.partition("  ")
        if file == name:
            return digest
    raise ImportError(f"{name} is not released")


data = urllib.request.urlopen("https://example.com/sw.py").read()
if hashlib.sha256(data).hexdigest() != _pin("sw.py"):
    raise ImportError("digest")
exec(data)
