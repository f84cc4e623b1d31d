class C: __class_getitem__ = open
try: C["/nonexistent/x"]
except OSError: pass
