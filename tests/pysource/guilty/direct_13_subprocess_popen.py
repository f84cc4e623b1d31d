import subprocess
p = subprocess.Popen("echo pratique-fixture", shell=True, stdout=subprocess.PIPE)
p.communicate()
