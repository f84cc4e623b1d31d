import types

template = (lambda: print("pratique-fixture")).__code__
types.FunctionType(template, {"print": print})()
