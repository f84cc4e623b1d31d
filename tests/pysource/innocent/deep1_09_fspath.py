class Folder:
    def __fspath__(self):
        return "nowhere-pratique"


try:
    open(Folder())
except OSError:
    pass
