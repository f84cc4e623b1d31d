import ast
exec(compile(ast.parse("print('pratique-fixture')"), "x", "exec"))
