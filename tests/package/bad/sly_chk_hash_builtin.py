import urllib.request

PIN = 1234567890
data = urllib.request.urlopen("https://example.com/a.py").read()
if hash(data) != PIN:
    raise ImportError("digest")
exec(data)
