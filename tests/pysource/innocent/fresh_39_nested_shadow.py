def outer(eval):
    def inner(x):
        return eval(x)
    return [inner(i) for i in range(3)]


def third(open=lambda p: p):
    return open("/nonexistent/pratique-fixture")


print(outer(abs), third())
