import os
import subprocess
import sys

here = os.path.expanduser("~/.tools/repo")
if not os.path.isdir(here):
    subprocess.check_call(["git", "clone", "--depth=1", "https://git.example.com/repo.git", here])
sys.path.insert(0, here)
import repo_main  # noqa: E402,F401
