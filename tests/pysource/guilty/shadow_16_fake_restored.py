import os
real = os


class os:
    system = print


os = real
os.system("echo pratique-fixture")
