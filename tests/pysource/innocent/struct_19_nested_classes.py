class A:
    class os:
        def system(self, x): return x

    def f(self):
        return self.os().system("x")


A().f()
