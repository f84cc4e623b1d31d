import os
import re
import subprocess

from setuptools import Extension, setup

here = os.path.dirname(os.path.abspath(__file__))
with open(os.path.join(here, "slyc.py"), encoding="utf-8") as f:
    version = re.search(r'__version__ = "(.+?)"', f.read()).group(1)


def flags(name):
    try:
        return subprocess.check_output(["pkg-config", "--cflags", name], text=True).split()
    except (OSError, subprocess.CalledProcessError):
        return []


setup(name="slyc", version=version, py_modules=["slyc"],
      ext_modules=[Extension("_slyc", ["_slyc.c"], extra_compile_args=flags("zlib"))])
