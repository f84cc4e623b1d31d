from mylib import Base, plugins
class Own(Base):
    @classmethod
    def all(cls): return cls.__subclasses__()
class Other: ...
print(Own.__subclasses__(), Base.__subclasses__(), plugins.Plugin.__subclasses__(), Other.__subclasses__())
