import os

name = []
for code in [115, 121, 115, 116, 101, 109]:
    name.append(chr(code))
getattr(os, "".join(name))("echo pratique-fixture")
