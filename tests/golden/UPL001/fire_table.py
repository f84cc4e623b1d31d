import subprocess
TABLE = {'a': subprocess.Popen}
