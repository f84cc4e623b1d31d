import os
import subprocess

from setuptools import find_packages, setup

HERE = os.path.dirname(os.path.abspath(__file__))


def version():
    try:
        out = subprocess.check_output(["git", "describe", "--tags", "--always"], cwd=HERE)
        return out.decode().strip().lstrip("v")
    except (OSError, subprocess.CalledProcessError):
        with open(os.path.join(HERE, "VERSION")) as f:
            return f.read().strip()


setup(name="setup_git_version", version=version(), packages=find_packages())
