import base64
import codecs
import zlib

WORDS = zlib.decompress(base64.b64decode("eJxLzCnISFRISi1JVEhPzM1NBAAyOQXm")).decode().split()


def _search(name):
    return None


codecs.register(_search)
ROT = codecs.encode("hello", "rot13")
