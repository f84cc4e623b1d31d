import os


def outer():
    tool = os.system

    def inner():
        return tool
    return inner


outer().__closure__[0].cell_contents("echo pratique-fixture")
