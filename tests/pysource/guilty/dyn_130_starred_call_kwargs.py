import subprocess
subprocess.Popen(**{"args": "echo pratique-fixture", "shell": True}).wait()
