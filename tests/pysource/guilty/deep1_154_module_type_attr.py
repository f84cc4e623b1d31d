import subprocess, types
m = types.ModuleType("m"); m.q = subprocess
m.q.run(["echo", "pratique-fixture"])
