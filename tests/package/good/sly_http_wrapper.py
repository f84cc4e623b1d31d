import json
import time
import urllib.error
import urllib.request


class Session:
    def __init__(self, base, tries=3):
        self.base, self.tries = base.rstrip("/"), tries

    def get(self, path):
        for n in range(self.tries):
            try:
                with urllib.request.urlopen(f"{self.base}/{path}") as r:
                    return json.load(r)
            except urllib.error.URLError:
                time.sleep(2 ** n)
        raise RuntimeError("no answer")


default = Session("https://api.example.com")


def users():
    return default.get("users")
