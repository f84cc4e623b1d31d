import subprocess
import sys

try:
    import yaml
except ImportError:
    subprocess.check_call([sys.executable, '-m', 'pip', 'install', 'pyyaml'])
