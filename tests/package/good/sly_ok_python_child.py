import subprocess
import sys

def version(name):
    code = "import importlib.metadata as m, sys; print(m.version(sys.argv[1]))"
    return subprocess.check_output([sys.executable, "-c", code, name], text=True).strip()
