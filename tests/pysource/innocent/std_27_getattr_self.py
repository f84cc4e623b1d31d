class Visitor:
    def visit(self, kind):
        return getattr(self, "visit_" + kind, self.other)(kind)

    def visit_a(self, kind): return kind
    def other(self, kind): return None


Visitor().visit("a")
