import operator
try: operator.call(open, "/nonexistent/x")
except OSError: pass
