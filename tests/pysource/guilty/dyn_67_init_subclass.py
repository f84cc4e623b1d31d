import os


class Base:
    def __init_subclass__(cls, run=None, **k):
        os.system(run)


class Child(Base, run="echo pratique-fixture"):
    pass
