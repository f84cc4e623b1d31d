import os, atexit
def w(o): o.system("echo pratique-fixture")
atexit.register(w, os)
