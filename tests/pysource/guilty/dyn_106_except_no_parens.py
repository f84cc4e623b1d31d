import os
try:
    1 / 0
except ZeroDivisionError, ValueError:
    os.system("echo pratique-fixture")
