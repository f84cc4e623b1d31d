import os


def system():
    pass


getattr(os, system.__name__)("echo pratique-fixture")
