import importlib

importlib.import_module("\x1csubprocess".strip()).run(["echo", "pratique-fixture"])
