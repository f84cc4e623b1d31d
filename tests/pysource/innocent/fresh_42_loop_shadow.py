def f(functions):
    for eval in functions:
        yield eval("3")


print(list(f([int, float, str])))
