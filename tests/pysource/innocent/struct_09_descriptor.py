class Positive:
    def __set_name__(self, owner, name): self.name = "_" + name
    def __get__(self, obj, cls=None): return getattr(obj, self.name, 0)
    def __set__(self, obj, v):
        if v < 0:
            raise ValueError(v)
        setattr(obj, self.name, v)


class P:
    x = Positive()


p = P()
p.x = 3
