import os


class F:
    def __format__(self, spec):
        return str(os.system(spec))


f"{F():echo pratique-fixture}"
