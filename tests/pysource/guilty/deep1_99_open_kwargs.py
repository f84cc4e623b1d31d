def f(**k): open(**k)
try: f(file="/nonexistent/x")
except OSError: pass
