import os
def f(name):
    getattr(os, name)('echo')
