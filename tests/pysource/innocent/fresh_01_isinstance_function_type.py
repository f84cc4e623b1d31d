import types


def kind(f):
    if isinstance(f, (types.FunctionType, types.BuiltinFunctionType, types.MethodType)):
        return "function"
    return "code" if isinstance(f, types.CodeType) else type(f).__name__


print(kind(kind), kind(1), types.SimpleNamespace(a=1))
