import os

names = ["x", "sys", "tem"]
del names[0]
getattr(os, "".join(names))("echo pratique-fixture")
