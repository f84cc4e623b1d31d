import os


class Meta(type):
    __prepare__ = classmethod(lambda *a, **k: {"go": os.system})


class C(metaclass=Meta):
    go("echo pratique-fixture")
