class T:
    def __mro_entries__(self, bases):
        exec("print('pratique-fixture')")
        return ()


class C(T()):
    pass
