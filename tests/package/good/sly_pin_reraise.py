import hashlib
import logging
import urllib.request

PIN = "1b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


def verify(data):
    if hashlib.sha256(data).hexdigest() != PIN:
        raise ValueError("digest")


data = urllib.request.urlopen("https://example.com/rr.py").read()
try:
    verify(data)
except ValueError:
    logging.getLogger(__name__).error("refused")
    raise
exec(data)
