import itertools
try: list(itertools.starmap(open, [("/nonexistent/x", "r")]))
except OSError: pass
