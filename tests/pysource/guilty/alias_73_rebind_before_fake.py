import os
os.system("echo pratique-fixture")


class os:
    @staticmethod
    def system(c):
        return c
