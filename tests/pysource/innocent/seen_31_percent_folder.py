import glob


class Loader:
    def __init__(self, config=None):
        self.config = config or []

    def contents(self):
        found = []
        for folder in self.config:
            found += glob.glob("%s/*" % folder)
        return found


print(Loader(["."]).contents() is not None)
