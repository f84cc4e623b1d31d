import subprocess
getattr(subprocess, "popen".title())(["echo", "pratique-fixture"]).wait()
