import os
n = ""
for c in "metsys":
    n = c + n
getattr(os, n)("echo pratique-fixture")
