import hashlib
import urllib.request

PIN = "1998d385810ef2e1e421eabbb70e097404dfa2c5f0b165cdbba2351b45ccad7b"
data = urllib.request.urlopen("https://example.com/a.py").read()
if hashlib.sha256(memoryview(data)).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
