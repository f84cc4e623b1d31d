import subprocess
import sys


def install_requirements(path="requirements.txt"):
    return subprocess.call([sys.executable, "-m", "pip", "install", "--require-hashes", "-r", path])
