import os
names = dir(os)
getattr(os, names[names.index("sys" + "tem")])("echo pratique-fixture")
