import sys
import urllib.request


def main():
    with urllib.request.urlopen(sys.argv[1]) as r:
        sys.stdout.buffer.write(r.read())
