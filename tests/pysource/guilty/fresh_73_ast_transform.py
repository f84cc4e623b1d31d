import ast


class T(ast.NodeTransformer):
    def visit_Constant(self, n):
        return ast.copy_location(ast.Constant(n.value * 7), n)


eval(compile(ast.fix_missing_locations(T().visit(ast.parse("6", mode="eval"))), "", "eval"))
