def f(eval):
    return eval


def g():
    return eval("6*7")


g()
