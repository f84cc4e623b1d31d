import subprocess
import sys


def self_update():
    return subprocess.call([sys.executable, "-m", "pip", "install", "--upgrade", "mytool"])


COMMANDS = {"self-update": self_update}


def main():
    return COMMANDS[sys.argv[1]]()
