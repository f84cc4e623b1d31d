def system(c):
    return c


from os import *
system("echo pratique-fixture")
