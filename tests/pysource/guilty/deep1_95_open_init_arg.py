class C:
    def __init__(self, p): self.f = open(p)
try: C("/nonexistent/x")
except OSError: pass
