import os
import subprocess
import sys

WHERE = os.path.expanduser("~/.nodes")
if not os.path.isdir(WHERE):
    subprocess.check_call(["git", "clone", "--depth", "1", "https://git.example.com/org/nodes", WHERE])
sys.path.insert(0, WHERE)
import nodes  # noqa: E402
