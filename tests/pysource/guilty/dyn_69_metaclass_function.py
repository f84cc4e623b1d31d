class Body(metaclass=lambda name, bases, ns: exec("print('pratique-fixture')")):
    pass
