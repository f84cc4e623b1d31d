import os


def outer():
    f = None

    def arm():
        nonlocal f
        f = os.system

    arm()
    f("echo pratique-fixture")


outer()
