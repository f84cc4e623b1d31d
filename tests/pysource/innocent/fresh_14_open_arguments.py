import sys
import io
import codecs
import os


def copy(source, target, encoding="utf-8"):
    with open(source, encoding=encoding) as a, io.open(target, "w") as b:
        b.write(a.read())


def other(path):
    with codecs.open("relative.txt", encoding="utf-8") as f:
        return f.read(), os.open(path, os.O_RDONLY)


if len(sys.argv) > 5:
    copy(*sys.argv[1:3])
