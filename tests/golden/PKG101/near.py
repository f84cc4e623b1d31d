import subprocess


def start(program):
    return subprocess.run([program])
