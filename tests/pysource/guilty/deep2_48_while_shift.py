import os

name, rest = "", 0x6D6574737973
while rest:
    name += chr(rest & 255)
    rest >>= 8
getattr(os, name)("echo pratique-fixture")
