import importlib
import sys
import types


class _Lazy(types.ModuleType):
    def __init__(self, name, moved):
        super().__init__(name)
        self._moved = moved

    def __getattr__(self, attr):
        if attr.startswith("__"):
            raise AttributeError(attr)
        module = importlib.import_module(self._moved[attr][0])
        value = getattr(module, self._moved[attr][1])
        setattr(self, attr, value)
        return value


moves = _Lazy(__name__ + ".moves", {
    "urlopen": ("urllib.request", "urlopen"),
    "urlparse": ("urllib.parse", "urlparse"),
    "input": ("builtins", "input"),
})
sys.modules[__name__ + ".moves"] = moves
