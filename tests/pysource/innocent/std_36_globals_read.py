X = 1
print("X" in globals(), sorted(vars().keys())[:1], len(locals()))
