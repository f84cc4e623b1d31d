import json
import urllib.request

__version__ = "1.0"


def check():
    with urllib.request.urlopen("https://pkg.example.com/sly/json", timeout=3) as r:
        newest = json.load(r)["info"]["version"]
    if newest != __version__:
        print(f"{newest} is out: python -m pip install --upgrade sly")
