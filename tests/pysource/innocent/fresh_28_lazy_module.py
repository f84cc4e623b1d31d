import sys
import types


class Lazy(types.ModuleType):
    def __getattr__(self, name):
        if name == "answer":
            return 42
        raise AttributeError(name)


lazy = Lazy("pratique_lazy")
sys.modules.setdefault("pratique_lazy", lazy)
print(lazy.answer)
