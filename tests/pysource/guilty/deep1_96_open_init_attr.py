class C:
    def __init__(self, p): self.p = p
    def go(self): open(self.p)
try: C("/nonexistent/x").go()
except OSError: pass
