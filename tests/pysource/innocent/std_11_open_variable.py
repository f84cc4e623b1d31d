import sys


def read(path):
    with open(path, encoding="utf-8") as f:
        return f.read()


if len(sys.argv) > 9:
    read(sys.argv[1])
