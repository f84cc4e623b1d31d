import os


def run(m):
    m.system("echo pratique-fixture")


run(os)
