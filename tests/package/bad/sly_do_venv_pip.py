import subprocess
import sys

cmd = f"{sys.executable} -m pip install -q sly-helper"
subprocess.call(cmd.split())
