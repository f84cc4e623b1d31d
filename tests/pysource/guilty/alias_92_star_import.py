from os import *
system("echo pratique-fixture")
