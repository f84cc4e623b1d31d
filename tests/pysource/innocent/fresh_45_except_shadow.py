def f():
    try:
        raise ValueError("x")
    except ValueError as eval:
        return str(eval)


f()
