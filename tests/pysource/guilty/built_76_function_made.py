import os


def name():
    return "sys" + "tem"


getattr(os, name())("echo pratique-fixture")
