import subprocess
try:
    subprocess.check_call(["echo", "pratique-fixture"])
except subprocess.CalledProcessError as error:
    print(error)
