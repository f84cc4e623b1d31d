import ast
tree = ast.Expression(ast.Constant(42))
ast.fix_missing_locations(tree)
print(eval(compile(tree, "x", "eval")))
