import subprocess
C = type("C", (), dict(vars(subprocess)))
C.run(["echo", "pratique-fixture"])
