import enum


class E(enum.Enum):
    A = 1

    @classmethod
    def _missing_(cls, value):
        eval(value)
        return cls.A


E("6*7")
