import os


class popen:
    pass


getattr(os, popen.__qualname__)("echo pratique-fixture").read()
