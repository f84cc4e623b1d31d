import os, itertools
for k, g in itertools.groupby([os]): k.system("echo pratique-fixture")
