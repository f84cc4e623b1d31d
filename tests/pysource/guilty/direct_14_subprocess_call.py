import subprocess
status = subprocess.call(["echo", "pratique-fixture"])
