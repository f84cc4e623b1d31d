class Builder:
    def __init__(self):
        self.modules = {}

    def register(self, name):
        return self.modules.setdefault(name, len(self.modules))


class Expression:
    def __init__(self, builder):
        self.builder = builder

    def load(self, name):
        return self.builder.register(name)


print(Expression(Builder()).load("os"))
