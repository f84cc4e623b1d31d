class C:
    eval = None
    x = [eval("1+1") for _ in (1,)]
