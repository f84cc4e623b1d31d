import os

name = bytearray(b"xystem")
name[0] = 115
getattr(os, name.decode())("echo pratique-fixture")
