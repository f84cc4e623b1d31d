import inspect


def f():
    return eval


inspect.getclosurevars(f).builtins["eval"]("6*7")
