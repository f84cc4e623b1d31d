class V:
    def __init__(self, *x): self.x = x
    def __add__(self, o): return V(*(a + b for a, b in zip(self.x, o.x)))
    def __matmul__(self, o): return sum(a * b for a, b in zip(self.x, o.x))
    def __getitem__(self, i): return self.x[i]
    def __call__(self, t): return self


print((V(1, 2) + V(3, 4)) @ V(1, 1), V(1)(0)[0])
