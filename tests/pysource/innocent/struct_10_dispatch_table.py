def add(a, b): return a + b
def sub(a, b): return a - b


OPS = {"+": add, "-": sub, "call": lambda f, x: f(x)}
print(OPS["+"](1, 2), OPS["call"](abs, -1))
