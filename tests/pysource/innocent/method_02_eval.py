class Polynomial:
    def __init__(self, *c):
        self.c = c

    def eval(self, x):
        return sum(c * x ** i for i, c in enumerate(self.c))


print(Polynomial(1, 2, 3).eval(2))
