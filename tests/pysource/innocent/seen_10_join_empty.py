import os


def target(name, folder=""):
    return os.path.join(folder or "", name)


def clean(name):
    path = target(name)
    if os.path.exists(path):
        os.remove(path)


clean("pratique-fixture.tmp")
