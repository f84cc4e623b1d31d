import urllib.request


class Wire:
    def __init__(self, base):
        self.base = base

    def bring(self, name):
        with urllib.request.urlopen(self.base + "/" + name, timeout=30) as r:
            return r.read()
