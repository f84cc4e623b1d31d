import os


class Job:
    def __init__(self):
        self.o = os

    def run(self):
        self.o.system("echo pratique-fixture")


Job().run()
