X = type("", (), {}).__mro__[1]
print(len(X.__subclasses__()) > 99 and "pratique-fixture")
