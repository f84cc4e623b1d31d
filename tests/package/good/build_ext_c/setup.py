import os
import subprocess
import sys

from setuptools import Extension, setup
from setuptools.command.build_ext import build_ext


class BuildExt(build_ext):
    def build_extensions(self):
        if self.compiler.compiler_type == "unix":
            for e in self.extensions:
                e.extra_compile_args = ["-O2", "-std=c11"]
                if sys.platform == "linux":
                    e.extra_link_args = ["-Wl,-z,relro,-z,now"]
        super().build_extensions()


if os.environ.get("USE_CMAKE"):
    subprocess.check_call(["cmake", "-S", ".", "-B", "build"])

setup(name="build_ext_c", version="1.0", packages=["build_ext_c"], cmdclass={"build_ext": BuildExt},
      ext_modules=[Extension("build_ext_c._core", ["src/core.c"])])
