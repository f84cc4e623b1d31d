import os


def start():
    os.system('/opt/agent &')


start()
