import importlib
import pkgutil

from . import plugins

PLUGINS = {m.name: importlib.import_module(f"{plugins.__name__}.{m.name}")
           for m in pkgutil.iter_modules(plugins.__path__)}
