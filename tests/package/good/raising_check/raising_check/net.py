from urllib.request import Request, urlopen


def get(name):
    with urlopen(Request("https://downloads.example.com/" + name, headers={"User-Agent": "rc"})) as r:
        return r.read()
