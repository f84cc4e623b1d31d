import subprocess
x: subprocess = 1
__annotations__["x"].run(["echo", "pratique-fixture"])
