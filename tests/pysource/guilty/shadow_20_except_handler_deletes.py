def f():
    global eval
    try:
        raise ValueError
    except ValueError as eval:
        pass


f()
eval("6*7")
