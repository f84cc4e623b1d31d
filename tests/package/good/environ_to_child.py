import os
import subprocess


def make(target, **variables):
    env = dict(os.environ)
    env.update(variables)
    env.setdefault("LC_ALL", "C")
    return subprocess.run(["make", target], env=env, check=True)
