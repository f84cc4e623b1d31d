import os


class Box:
    pass


b = Box()
b.tool = os.system
b.tool("echo pratique-fixture")
