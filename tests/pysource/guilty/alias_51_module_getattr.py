import os


def __getattr__(name):
    return os.system


import sys
sys.modules[__name__].anything("echo pratique-fixture")
