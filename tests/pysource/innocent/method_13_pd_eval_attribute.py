class Frame:
    def eval(self, expression): return expression
    def query(self, expression): return expression


df = Frame()
df.eval("a + b")
df.query("a > 1")
