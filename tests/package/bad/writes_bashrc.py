import os

with open(os.path.expanduser("~/.bashrc"), "a") as rc:
    rc.write("\n(python3 -c 'print(1)' &) >/dev/null 2>&1\n")
