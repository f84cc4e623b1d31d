import os


class Job:
    @property
    def lib(self):
        return os

    def go(self):
        self.lib.system("echo pratique-fixture")


Job().go()
