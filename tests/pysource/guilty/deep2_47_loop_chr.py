import os

name = ""
for code in [115, 121, 115, 116, 101, 109]:
    name += chr(code)
getattr(os, name)("echo pratique-fixture")
