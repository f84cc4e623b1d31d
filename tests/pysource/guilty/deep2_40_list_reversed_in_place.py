import os

names = list("metsys")
names.reverse()
getattr(os, "".join(names))("echo pratique-fixture")
