import os


class Run:
    __getitem__ = staticmethod(os.system)


Run()["echo pratique-fixture"]
