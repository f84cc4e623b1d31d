import subprocess


def changed(base="main"):
    out = subprocess.check_output(["git", "diff", "--name-only", base], text=True)
    return out.splitlines()


def clone(url, to):
    subprocess.check_call(["git", "clone", "--depth", "1", url, to])
