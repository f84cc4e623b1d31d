import hashlib


def key(text):
    return hashlib.md5(text.encode()).hexdigest()
