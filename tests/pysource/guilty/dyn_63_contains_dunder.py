class Run:
    __contains__ = lambda self, x: exec(x)


"print('pratique-fixture')" in Run()
