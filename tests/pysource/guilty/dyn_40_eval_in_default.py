def f(x=eval("6 * 7")):
    return x
