def f():
    for i in range(2):
        try:
            pass
        finally:
            pass
    return f"{1:{2}}"
