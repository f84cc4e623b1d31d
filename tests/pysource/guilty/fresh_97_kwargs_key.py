import os


def name(**k):
    return next(iter(k))


getattr(os, name(system=1))("echo pratique-fixture")
