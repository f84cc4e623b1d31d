a = a
b = c
c = b
d += d
class A(A): a = a
def f(x=f): return f(f(x))
f(f)(f)
