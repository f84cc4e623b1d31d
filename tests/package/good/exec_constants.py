for _name, _op in (("add", "+"), ("sub", "-"), ("mul", "*")):
    exec(f"def {_name}(a, b):\n    return a {_op} b\n")
del _name, _op
