import os


class Place:
    def __init__(self, path):
        self.path = os.path.abspath(path)

    def clone(self, path):
        return Place(path)

    def sibling(self, name, sep=os.sep):
        return self.clone(self.path.rsplit(sep, 1)[0] + sep + name)

    def exists(self):
        return os.path.exists(self.path)


print(Place("a").sibling("b").exists())
