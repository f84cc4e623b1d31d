import subprocess, typing
def f() -> subprocess: pass
typing.get_type_hints(f)["return"].run(["echo", "pratique-fixture"])
