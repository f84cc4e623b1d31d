import hashlib
import urllib.request

class Mismatch(Exception):
    pass


class Download:
    def __init__(self, url, pin):
        self.url, self.pin = url, pin
        self._data = None

    @property
    def data(self):
        if self._data is None:
            self._data = urllib.request.urlopen(self.url).read()
        return self._data

    @property
    def digest(self):
        return hashlib.sha256(self.data).hexdigest()

    def verified(self):
        if self.digest != self.pin:
            raise Mismatch(self.url)
        return self.data


exec(Download("https://example.com/a.py", "1432e0fdd253f8820260fc020adf8a9dbaeed42b69c12de016db0e1f5ab10647").verified())
