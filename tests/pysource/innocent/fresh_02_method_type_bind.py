import types


class A: ...


def hello(self): return "hello"


a = A()
a.hello = types.MethodType(hello, a)
print(a.hello(), types.MappingProxyType({"a": 1}))
