from os import system


class Run:
    def __init__(self):
        pass


Run.__add__ = lambda self, c: system(c)
Run() + "echo pratique-fixture"
