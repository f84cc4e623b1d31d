import contextlib
import os

with contextlib.nullcontext(os) as o:
    o.system("echo pratique-fixture")
