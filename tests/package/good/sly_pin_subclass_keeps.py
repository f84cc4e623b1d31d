import hashlib
import urllib.request


class Base:
    url = pin = None

    def get(self):
        data = urllib.request.urlopen(self.url).read()
        self.verify(data)
        return data

    def verify(self, data):
        if hashlib.sha256(data).hexdigest() != self.pin:
            raise ImportError(self.url)


class Core(Base):
    url = "https://example.com/core.py"
    pin = "0d6f4d0f9a31be0f6e04b9a6f5cdd0c7dca3f1e9a1d7a3f2cde45b0f11223344"


exec(Core().get())
