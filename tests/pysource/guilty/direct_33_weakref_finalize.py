import os
import weakref


class Anchor:
    pass


a = Anchor()
weakref.finalize(a, os.system, "echo pratique-fixture")
del a
