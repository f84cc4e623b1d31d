import os


def run(**k):
    k["f"](k["x"])


run(**{"f": os.system, "x": "echo pratique-fixture"})
