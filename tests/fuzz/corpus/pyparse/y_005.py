class C[T](Base[T], metaclass=M): pass
