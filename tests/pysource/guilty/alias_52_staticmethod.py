import os


class Job:
    go = staticmethod(os.system)


Job().go("echo pratique-fixture")
