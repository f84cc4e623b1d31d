class S:
    __delattr__ = lambda self, name: exec("6*7")


del S().x
