f = lambda **k: k["o"]
try: f(o=open)("/nonexistent/x")
except OSError: pass
