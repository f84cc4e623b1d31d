class Run:
    __getattr__ = lambda self, n: exec("print('pratique-fixture')")


Run().x
