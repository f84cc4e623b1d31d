import os


def call(name):
    return getattr(os, name)()
