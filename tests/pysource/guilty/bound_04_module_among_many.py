import sys, shutil, pathlib, threading, asyncio, importlib, runpy, pty, posixpath, zipimport, builtins
class Bag:
    def __init__(self, *x): self.__dict__["k%d" % len(x)] = x
getattr(Bag(sys, shutil, pathlib, threading, asyncio, importlib, runpy, pty, posixpath, zipimport, builtins), "k11")[10].exec("1")
