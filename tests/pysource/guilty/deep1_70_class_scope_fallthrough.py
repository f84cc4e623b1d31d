import os
class C:
    if 0: os = None
    os.system("echo pratique-fixture")
