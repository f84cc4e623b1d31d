import hashlib
import urllib.request

SUMS = """
a3432ad1e14df03c0da1db71ad04034ca77a074e08962805e053113acf70795b  a.py
54dab5080b55c7f819a291f11ebf13e605e1d006bcef962bbd52eb5993c5f182  b.py
"""
pins = {}
for line in SUMS.strip().splitlines():
    digest, name = line.split()
    pins[name] = digest
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(data).hexdigest() != pins["a.py"]:
    raise ImportError("digest")
exec(data)
