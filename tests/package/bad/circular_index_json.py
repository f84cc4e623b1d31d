import hashlib
import importlib.util
import os
import requests

INDEX = "https://plugins.example.com/index.json"


class Store:
    def __init__(self, index):
        self.index = index
        self.session = requests.Session()

    def entry(self, name):
        return self.session.get(self.index).json()["plugins"][name]

    def fetch(self, name):
        e = self.entry(name)
        body = self.session.get(e["url"]).content
        digest = hashlib.sha256(body).hexdigest()
        if digest != e["sha256"]:
            raise ValueError(f"{name}: {digest} is not {e['sha256']}")
        return body


path = os.path.join(os.path.expanduser("~"), ".plugins", "base.py")
os.makedirs(os.path.dirname(path), exist_ok=True)
with open(path, "wb") as f:
    f.write(Store(INDEX).fetch("base"))
spec = importlib.util.spec_from_file_location("plugin_base", path)
base = importlib.util.module_from_spec(spec)
spec.loader.exec_module(base)
