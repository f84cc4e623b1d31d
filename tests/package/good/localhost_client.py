import json
import urllib.request

URL = "http://127.0.0.1:11434/api/generate"


def generate(prompt, url=URL):
    request = urllib.request.Request(url, json.dumps({"prompt": prompt}).encode())
    with urllib.request.urlopen(request) as r:
        return json.load(r)["response"]


def up(url="http://localhost:11434/"):
    try:
        return urllib.request.urlopen(url, timeout=0.2).status == 200
    except OSError:
        return False
