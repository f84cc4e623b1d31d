def f():
        x = 1
    return eval("6*7")
