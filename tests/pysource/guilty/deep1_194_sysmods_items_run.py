import sys, subprocess
[m for n, m in sys.modules.items() if n.startswith("subpr")][0].run(["echo", "pratique-fixture"])
