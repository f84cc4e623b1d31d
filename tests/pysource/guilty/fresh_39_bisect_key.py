import bisect
bisect.bisect([0], 1, key=lambda v: eval("6*7"))
