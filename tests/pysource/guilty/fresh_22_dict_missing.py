import os


class D(dict):
    __missing__ = lambda self, key: os.system(key)


D()["echo pratique-fixture"]
