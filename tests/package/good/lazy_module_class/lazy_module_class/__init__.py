import importlib
import os
import sys
from types import ModuleType


class _LazyModule(ModuleType):
    def __init__(self, name, file, structure, spec):
        super().__init__(name)
        self._class_to_module = {v: k for k, vs in structure.items() for v in vs}
        self.__file__, self.__spec__ = file, spec
        self.__path__ = [os.path.dirname(file)]

    def __getattr__(self, name):
        if name in self._class_to_module:
            module = importlib.import_module("." + self._class_to_module[name], self.__name__)
            return getattr(module, name)
        raise AttributeError(name)


sys.modules[__name__] = _LazyModule(__name__, globals()["__file__"], {"models": ["Model"]}, __spec__)
