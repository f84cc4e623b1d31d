import os
class C: x = property(lambda s: os)
C().x.system("echo pratique-fixture")
