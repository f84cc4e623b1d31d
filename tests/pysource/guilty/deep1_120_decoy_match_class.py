class Z:
    def system(self, x): pass
import os
class P:
    __match_args__ = ("o",)
    def __init__(self, o): self.o = o
match P(os):
    case P(z): z.system("echo pratique-fixture")
