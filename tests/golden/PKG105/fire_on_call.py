import os


def token():
    return open(os.path.expanduser('~/.netrc')).read()
