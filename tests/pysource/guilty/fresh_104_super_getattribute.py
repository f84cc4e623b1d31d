import types, os


class M(types.ModuleType):
    def go(self, n):
        return super().__getattribute__(n)


m = M("m")
m.__dict__.update(os.__dict__)
m.go("system")("echo pratique-fixture")
