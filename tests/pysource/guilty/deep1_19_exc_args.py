import os
class X(Exception): pass
try:
    raise X(os)
except X as e:
    e.args[0].system("echo pratique-fixture")
