import importlib._bootstrap_external as b
import marshal
code = b._compile_bytecode(marshal.dumps(compile("6*7", "", "eval")))
eval(code)
