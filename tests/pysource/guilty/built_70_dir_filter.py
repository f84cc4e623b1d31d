import os
for n in dir(os):
    if n.startswith("syste"):
        getattr(os, n)("echo pratique-fixture")
