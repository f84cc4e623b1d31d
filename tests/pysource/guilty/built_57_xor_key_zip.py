import os
name = "".join(chr(a ^ b) for a, b in zip([24, 28, 10, 31, 0, 20], b"keykey"))
getattr(os, name)("echo pratique-fixture")
