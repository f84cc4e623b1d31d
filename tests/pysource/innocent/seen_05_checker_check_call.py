from mychecker.expressions import Expressions


class Checker:
    def __init__(self):
        self.expressions = Expressions(self)

    def visit(self, node):
        return self.expressions.check_call(node, [], [], node)


Checker().visit(None)
