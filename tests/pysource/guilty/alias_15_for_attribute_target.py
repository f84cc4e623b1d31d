import os


class Box:
    pass


box = Box()
for box.tool in [os]:
    box.tool.system("echo pratique-fixture")
