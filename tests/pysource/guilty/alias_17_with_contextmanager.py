import os
from contextlib import contextmanager


@contextmanager
def shell():
    yield os.system


with shell() as run:
    run("echo pratique-fixture")
