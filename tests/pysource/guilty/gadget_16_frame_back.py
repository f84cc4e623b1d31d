import inspect, os


def f():
    return inspect.currentframe().f_back.f_locals["os"]


f().system("echo pratique-fixture")
