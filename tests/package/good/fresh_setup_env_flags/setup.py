import os
import shlex
import subprocess
import sys

from setuptools import Extension, setup


def pkg_config(*args):
    try:
        return shlex.split(subprocess.check_output(["pkg-config", *args, "libxml-2.0"], text=True))
    except (OSError, subprocess.CalledProcessError):
        return []


ext = Extension("fresh_setup_env_flags._x", ["x.c"], extra_compile_args=pkg_config("--cflags"),
                extra_link_args=pkg_config("--libs"))
if os.environ.get("WITH_DEBUG"):
    ext.extra_compile_args.append("-g")
if sys.platform == "darwin":
    os.environ.setdefault("MACOSX_DEPLOYMENT_TARGET", "11.0")

setup(name="fresh_setup_env_flags", version="1.0", packages=["fresh_setup_env_flags"], ext_modules=[ext])
