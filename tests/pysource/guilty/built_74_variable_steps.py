import os
n = "s"
n += "ys"
n = n + "tem"
getattr(os, n)("echo pratique-fixture")
