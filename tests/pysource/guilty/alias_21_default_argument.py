import os


def run(command, how=os.system):
    return how(command)


run("echo pratique-fixture")
