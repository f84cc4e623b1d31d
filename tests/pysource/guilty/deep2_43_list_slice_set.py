import os

names = ["x", "tem"]
names[0:1] = ["sys"]
getattr(os, "".join(names))("echo pratique-fixture")
