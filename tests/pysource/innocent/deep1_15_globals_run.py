import subprocess  # for its exceptions alone


def run(n):
    return n


print(globals()["run"](1), subprocess.CalledProcessError.__name__)
