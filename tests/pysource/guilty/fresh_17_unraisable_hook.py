import os, sys
sys.unraisablehook = lambda u: os.system("echo pratique-fixture")


class D:
    def __del__(self): raise ValueError


D()
