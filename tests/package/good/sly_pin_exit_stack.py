import contextlib
import hashlib
import urllib.request

PIN = "cb6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
with contextlib.ExitStack() as stack:
    answer = stack.enter_context(urllib.request.urlopen("https://example.com/es.py"))
    data = answer.read()
if hashlib.sha256(data).hexdigest() != PIN:
    raise ImportError("digest")
exec(data)
