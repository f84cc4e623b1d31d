import subprocess
def f(x: subprocess): pass
f.__annotations__["x"].run(["echo", "pratique-fixture"])
