import os, collections
d = collections.defaultdict(lambda: os); d[1].system("echo pratique-fixture")
