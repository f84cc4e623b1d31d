class M(type):
    def __instancecheck__(cls, text):
        return bool(eval(text))


class C(metaclass=M): ...


isinstance("6*7", C)
