import os

getattr(os, b"sxyxstem".translate(bytes(range(256)), b"x").decode())("echo pratique-fixture")
