import subprocess
host = subprocess.getoutput("echo pratique-fixture")
