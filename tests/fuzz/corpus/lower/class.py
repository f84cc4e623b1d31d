class A(B, metaclass=C): pass
