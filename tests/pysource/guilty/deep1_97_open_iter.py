class C:
    def __iter__(self): yield open
for o in C():
    try: o("/nonexistent/x")
    except OSError: pass
