a, *b, c = range(5)
d = [*b, *"xy"]
e = {**{"x": 1}, "y": 2}
print(a, c, d, e)
