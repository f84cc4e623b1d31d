import subprocess
getattr(subprocess, "popen".capitalize())(["echo", "pratique-fixture"]).wait()
