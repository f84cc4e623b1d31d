import os, itertools
for a, b in itertools.product([os], ["system"]): getattr(a, b)("echo pratique-fixture")
