import hashlib
import os
import subprocess
import tempfile
import urllib.request


class Downloader:
    def __init__(self, url, sha256):
        self.url, self.sha256 = url, sha256
        self.data = None

    def fetch(self):
        with urllib.request.urlopen(self.url) as r:
            self.data = r.read()
        return self

    def verify(self):
        got = hashlib.sha256(self.data).hexdigest()
        if got != self.sha256:
            raise RuntimeError(f"{self.url}: sha256 {got}, expected {self.sha256}")
        return self

    def install(self):
        fd, path = tempfile.mkstemp()
        with os.fdopen(fd, "wb") as f:
            f.write(self.data)
        os.chmod(path, 0o700)
        return path


_tool = Downloader("https://downloads.example.com/cd", "21e721c35a5823fdb452fa2f9f0a612c74fb952e06927489c6b27a43b817bed4").fetch().verify().install()


def convert(path):
    return subprocess.run([_tool, path], check=True, capture_output=True).stdout
