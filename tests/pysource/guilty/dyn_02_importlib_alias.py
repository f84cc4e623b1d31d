from importlib import import_module as im
im("subprocess").run(["echo", "pratique-fixture"])
