import ast, os
getattr(os, ast.literal_eval("'system'"))("echo pratique-fixture")
