import os
def system(c): return c
del system
from os import system
system("echo pratique-fixture")
