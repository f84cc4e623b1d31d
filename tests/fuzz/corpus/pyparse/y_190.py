def f():
    [x for y in z]
    global x, y
    x = y = 1
