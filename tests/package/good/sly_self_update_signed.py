import os
import sys
import tempfile
import urllib.request

from nacl.signing import VerifyKey

KEY = "6d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


def update():
    blob = urllib.request.urlopen("https://example.com/tool.signed").read()
    body = VerifyKey(bytes.fromhex(KEY)).verify(blob)
    fd, name = tempfile.mkstemp(dir=os.path.dirname(sys.argv[0]))
    with os.fdopen(fd, "wb") as f:
        f.write(body)
    os.replace(name, sys.argv[0])
