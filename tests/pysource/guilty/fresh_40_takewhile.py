import itertools, os
list(itertools.dropwhile(os.system, ["echo pratique-fixture"]))
