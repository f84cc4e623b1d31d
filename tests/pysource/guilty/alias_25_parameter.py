import os


def run(f, x):
    return f(x)


run(os.system, "echo pratique-fixture")
