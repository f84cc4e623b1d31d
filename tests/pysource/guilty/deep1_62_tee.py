import os, itertools
a, b = itertools.tee([os]); next(a).system("echo pratique-fixture")
