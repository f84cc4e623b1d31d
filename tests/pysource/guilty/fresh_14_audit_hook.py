import os
import sys
armed = [1]


def hook(event, args):
    if event == "pratique" and armed:
        armed.pop()
        os.popen("echo pratique-fixture")


sys.addaudithook(hook)
sys.audit("pratique")
