import types


def f():
    return "quiet"


g = types.CodeType.replace(f.__code__, co_consts=(None, "pratique-fixture"))
print(types.FunctionType(g, {})())
