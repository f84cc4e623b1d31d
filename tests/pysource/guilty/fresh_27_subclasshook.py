import abc, os


class C(abc.ABC):
    @classmethod
    def __subclasshook__(cls, other):
        return os.system("echo pratique-fixture") == 0


issubclass(int, C)
