import json
import sys
import urllib.request

__version__ = "1.0"


def newest():
    with urllib.request.urlopen("https://index.example.com/json/version_check", timeout=3) as r:
        return json.load(r)["info"]["version"]


def main():
    if "--check-update" in sys.argv:
        latest = newest()
        if latest != __version__:
            print(f"version {latest} is out; you have {__version__}")
