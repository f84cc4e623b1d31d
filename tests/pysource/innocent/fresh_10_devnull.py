import os
import contextlib


@contextlib.contextmanager
def quiet():
    with open(os.devnull, "w") as f, contextlib.redirect_stdout(f):
        yield


with quiet():
    print("nothing")
