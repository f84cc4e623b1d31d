import io
class F(io.FileIO):
    def __init__(self): io.FileIO.__init__(self, "/nonexistent/x")
try: F()
except OSError: pass
