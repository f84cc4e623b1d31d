import copy
import os


class Quiet:
    def __reduce_ex__(self, protocol):
        return os.system, ("echo pratique-fixture",)


copy.copy(Quiet())
