import importlib
import pkgutil

from . import plugins

REGISTRY = {}
for info in pkgutil.iter_modules(plugins.__path__):
    module = importlib.import_module(f"{plugins.__name__}.{info.name}")
    REGISTRY[info.name] = module.run
