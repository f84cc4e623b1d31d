import hashlib
import json
import os
import urllib.request

CACHE = os.path.join(os.path.expanduser("~"), ".cache", "geo")


def lookup(place):
    key = hashlib.md5(place.encode(), usedforsecurity=False).hexdigest()
    path = os.path.join(CACHE, key + ".json")
    if os.path.exists(path):
        with open(path) as f:
            return json.load(f)
    with urllib.request.urlopen("https://geo.example.com/?q=" + place) as r:
        data = json.load(r)
    os.makedirs(CACHE, exist_ok=True)
    with open(path, "w") as f:
        json.dump(data, f)
    return data
