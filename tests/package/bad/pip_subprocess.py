import subprocess
import sys

try:
    import fastcore
except ImportError:
    subprocess.check_call([sys.executable, "-m", "pip", "install", "fastcore"])
    import fastcore
