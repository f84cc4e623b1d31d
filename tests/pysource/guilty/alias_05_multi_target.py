import subprocess
a = b = c = subprocess
c.run(["echo", "pratique-fixture"])
