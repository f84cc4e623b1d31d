m = __import__("".join(["url", "lib", ".", "request"]), fromlist=["urlopen"])
try:
    m.urlopen("http://127.0.0.1:9/", timeout=1)
except OSError:
    pass
