class C: import subprocess
[m for m in vars(C).values() if hasattr(m, "Popen")][0].run(["echo", "pratique-fixture"])
