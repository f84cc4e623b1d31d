import os
import subprocess


def hosts(path="~/.ssh/config"):
    with open(os.path.expanduser(path)) as f:
        return [line.split()[1] for line in f if line.lower().startswith("host ")]


def run(host, command):
    return subprocess.check_output(["ssh", host, command], text=True)
