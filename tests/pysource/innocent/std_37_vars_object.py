class P:
    def __init__(self): self.a = 1


print(vars(P()), P().__dict__, P.__name__)
