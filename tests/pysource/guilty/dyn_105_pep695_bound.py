def f[T: eval("int")](x: T):
    return x


f.__type_params__[0].__bound__
