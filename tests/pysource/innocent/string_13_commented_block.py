x = 2
# import subprocess
# subprocess.call(["echo"], shell=True)
# open("/etc/passwd").read()
