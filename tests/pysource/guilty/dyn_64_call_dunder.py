class Run:
    __call__ = staticmethod(eval)


Run()("print('pratique-fixture')")
