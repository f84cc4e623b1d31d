import io
class F(io.FileIO): pass
try: F("/nonexistent/x")
except OSError: pass
