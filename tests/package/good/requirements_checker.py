import subprocess
import sys


def installed():
    out = subprocess.check_output([sys.executable, "-m", "pip", "freeze"], text=True)
    return dict(line.split("==") for line in out.splitlines() if "==" in line)
