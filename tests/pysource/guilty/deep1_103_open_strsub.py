class S(str): pass
try: open(S("/nonexistent/x"))
except OSError: pass
