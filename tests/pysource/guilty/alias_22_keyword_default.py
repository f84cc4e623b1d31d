import os


def run(*, module=os):
    module.system("echo pratique-fixture")


run()
