import collections, os


class D(collections.UserDict):
    def __setitem__(self, key, value):
        value(key)


D()["echo pratique-fixture"] = os.system
