class Box[T = eval("6*7")]:
    pass


Box.__type_params__[0].__default__
