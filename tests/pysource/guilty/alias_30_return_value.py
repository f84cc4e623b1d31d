import os


def tool():
    return os


tool().system("echo pratique-fixture")
