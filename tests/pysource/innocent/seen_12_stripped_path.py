import os


class Member:
    def extract(self, target):
        target = target.rstrip("/")
        target = target.replace("/", os.sep)
        self.folder(target)

    def folder(self, target):
        if not os.path.isdir(target):
            os.mkdir(target)


Member().extract("./")
