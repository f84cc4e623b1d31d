import os
getattr(os, memoryview(b"metsys")[::-1].tobytes().decode())("echo pratique-fixture")
