def apply(eval, points):
    return [eval(p) for p in points]


print(apply(lambda p: p * 2, [1, 2]))
