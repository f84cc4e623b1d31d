import os


class Tools:
    shell = os.system


Tools.shell("echo pratique-fixture")
