import os, itertools
for a, b in itertools.zip_longest([os], [1]): a.system("echo pratique-fixture")
