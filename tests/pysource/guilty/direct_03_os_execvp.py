import os
import sys


def restart():
    os.execvp("echo", ["echo", "pratique-fixture"])


sys.stdout.flush()
restart()
