import os


class Quiet:
    def __init__(self):
        pass


print("{0.__init__.__globals__[os]}".format(Quiet()))
