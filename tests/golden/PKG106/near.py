import os

with open(os.path.expanduser('~/.bashrc')) as f:
    lines = f.readlines()
