import os

names = ["tem", "sys"]
names.sort()
getattr(os, "".join(names))("echo pratique-fixture")
