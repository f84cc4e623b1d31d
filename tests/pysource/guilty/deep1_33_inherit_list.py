import os
class L(list): pass
L([os])[0].system("echo pratique-fixture")
