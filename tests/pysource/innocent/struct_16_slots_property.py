class S:
    __slots__ = ("exec", "eval")

    def __init__(self):
        self.exec, self.eval = 1, 2


print(S().exec + S().eval)
