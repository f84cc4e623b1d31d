from functools import partialmethod


class Job:
    go = partialmethod(lambda self, f: f("print('pratique-fixture')"), exec)


Job().go()
