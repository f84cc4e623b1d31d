import ast
print(ast.literal_eval("[1, 2]"))
from ast import literal_eval
literal_eval("{}")
