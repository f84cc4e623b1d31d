import sys


def run(source):
    exec(source)


run("print('pratique-fixture')")
