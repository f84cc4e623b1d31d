import itertools
list(itertools.accumulate(["1", "2"], lambda a, b: eval(b)))
