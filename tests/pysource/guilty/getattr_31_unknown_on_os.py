import os


def call(name, *args):
    return getattr(os, name)(*args)


call("system", "echo pratique-fixture")
