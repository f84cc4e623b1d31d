import subprocess
subprocess.run(["echo", "pratique-fixture"], check=True)
