class C:
    exec = print
    for _ in [0]:
        pass


exec("1")
