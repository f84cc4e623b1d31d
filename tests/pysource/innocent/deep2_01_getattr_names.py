import os

for name in "getpid getppid".split():
    print(getattr(os, name)())
print(getattr(os, "GETPID".lower())())
