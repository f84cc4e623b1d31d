try:
    x = 1
except ValueError, e, f:
    exec("1")
