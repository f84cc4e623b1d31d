import os


class Lib:
    def __get__(self, obj, cls):
        return os.system


class Job:
    go = Lib()


Job().go("echo pratique-fixture")
