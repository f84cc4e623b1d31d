import subprocess
try:
    pass
except subprocess.CalledProcessError:
    x = subprocess.PIPE
