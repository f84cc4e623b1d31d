import subprocess
d = {}
d.update(go=subprocess.getoutput)
d["go"]("echo pratique-fixture")
