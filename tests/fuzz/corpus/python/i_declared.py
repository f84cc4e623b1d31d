def f():
    global exec, a, b
    exec = a
    def g():
        global exec
        exec("1")
exec("1")
