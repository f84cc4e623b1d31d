import re, ast
re.compile('a')
ast.literal_eval('1')
