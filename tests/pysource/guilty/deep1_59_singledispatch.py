import os, functools
@functools.singledispatch
def f(x): return None
@f.register
def _(x: int): return os
f(1).system("echo pratique-fixture")
