import os
getattr(os, "".join(c for c in "s.y.s.t.e.m" if c != "."))("echo pratique-fixture")
