import sys
import importlib.util
from importlib.abc import MetaPathFinder, Loader


class F(MetaPathFinder, Loader):
    def find_spec(self, name, path, target=None):
        if name == "pratique_virtual":
            return importlib.util.spec_from_loader(name, self)

    def create_module(self, spec): return None

    def exec_module(self, module):
        exec("x = 6*7", module.__dict__)


sys.meta_path.insert(0, F())
import pratique_virtual
