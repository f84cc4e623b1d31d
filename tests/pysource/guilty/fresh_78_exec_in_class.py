class C:
    exec("x = 6*7")


print(C.x)
