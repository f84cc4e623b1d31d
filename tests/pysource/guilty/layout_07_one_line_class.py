import os
class C: os.system("echo pratique-fixture"); x = 1
