import subprocess
globals().update(vars(subprocess))
run(["echo", "pratique-fixture"])
