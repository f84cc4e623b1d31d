import ctypes
import hashlib
import tempfile
import urllib.request

PIN = "5a5f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


class HashingWriter:
    def __init__(self, raw):
        self.raw = raw
        self.digest = hashlib.sha256()

    def write(self, data):
        self.digest.update(data)
        return self.raw.write(data)

    def verify(self, pin):
        if self.digest.hexdigest() != pin:
            raise ImportError("digest")


with tempfile.NamedTemporaryFile(suffix=".so", delete=False) as f:
    writer = HashingWriter(f)
    with urllib.request.urlopen("https://example.com/hw.so") as r:
        while True:
            part = r.read(4096)
            if not part:
                break
            writer.write(part)
    writer.verify(PIN)
lib = ctypes.CDLL(f.name)
