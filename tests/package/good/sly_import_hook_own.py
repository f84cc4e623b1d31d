import importlib
import importlib.abc
import importlib.util
import sys


class Alias(importlib.abc.MetaPathFinder, importlib.abc.Loader):
    def find_spec(self, name, path, target=None):
        if name == "sly_old_name":
            return importlib.util.spec_from_loader(name, self)
        return None

    def create_module(self, spec):
        return importlib.import_module(__name__)

    def exec_module(self, module):
        pass


sys.meta_path.append(Alias())
