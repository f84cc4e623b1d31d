import os
def f(x): x.system("echo pratique-fixture")
f.__defaults__ = (os,); f()
