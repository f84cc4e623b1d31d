import os


def same(x):
    return x


same(os).system("echo pratique-fixture")
