import os

name = bytearray(b"xxxxxx")
memoryview(name)[:] = b"system"
getattr(os, name.decode())("echo pratique-fixture")
