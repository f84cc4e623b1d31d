class Base:
    plugins = {}

    def __init_subclass__(cls, name=None, **k):
        super().__init_subclass__(**k)
        Base.plugins[name] = cls


class Child(Base, name="exec"): ...
