import os

getattr(os, "".join(x for i, x in enumerate(["a", "system"], 1) if i == 2))("echo pratique-fixture")
