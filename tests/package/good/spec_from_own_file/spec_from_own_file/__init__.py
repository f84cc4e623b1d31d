import importlib.util
import os

_path = os.path.join(os.path.dirname(__file__), "data-models.py")
_spec = importlib.util.spec_from_file_location("spec_from_own_file.data_models", _path)
models = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(models)
