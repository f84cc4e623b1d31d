import ast
tree = ast.parse("eval('1')")
print([n.func.id for n in ast.walk(tree) if isinstance(n, ast.Call)])
