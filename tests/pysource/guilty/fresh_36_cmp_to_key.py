import functools
sorted(["2", "1"], key=functools.cmp_to_key(lambda a, b: eval(a + "-" + b)))
