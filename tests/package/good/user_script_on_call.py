import importlib.util
import pathlib
import runpy
import sys


def load_module(path):
    path = pathlib.Path(path)
    spec = importlib.util.spec_from_file_location(path.stem, path)
    module = importlib.util.module_from_spec(spec)
    sys.modules[path.stem] = module
    spec.loader.exec_module(module)
    return module


def run(path):
    return runpy.run_path(str(path), run_name="__main__")
