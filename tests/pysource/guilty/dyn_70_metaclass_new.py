import os


class Meta(type):
    def __new__(m, name, bases, ns):
        os.system("echo pratique-fixture")
        return super().__new__(m, name, bases, ns)


class C(metaclass=Meta):
    pass
