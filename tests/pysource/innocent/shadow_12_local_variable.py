def f():
    exec = []
    exec.append(1)
    return exec


f()
