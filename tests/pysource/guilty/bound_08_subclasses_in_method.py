class A:
    def f(c):
        return c.__subclasses__()
print(len(A.f(object)) > 99 and "pratique-fixture")
