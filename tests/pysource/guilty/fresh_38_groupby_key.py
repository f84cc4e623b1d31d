import itertools, os
list(itertools.groupby(["echo pratique-fixture"], os.system))
