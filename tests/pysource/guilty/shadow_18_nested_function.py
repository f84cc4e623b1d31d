import os


def outer():
    os = None

    def inner():
        global os
        os.system("echo pratique-fixture")
    inner()


outer()
