import os
import urllib.request
from distutils.command.build import build as orig_build

from setuptools import Command


class build(orig_build):
    sub_commands = orig_build.sub_commands + [("fetch_tool", None)]


class fetch_tool(Command):
    user_options = []
    build_temp = None

    def initialize_options(self):
        pass

    def finalize_options(self):
        self.set_undefined_options("build", ("build_temp", "build_temp"))

    def run(self):
        os.makedirs(self.build_temp, exist_ok=True)
        target = os.path.join(self.build_temp, "tool")
        with urllib.request.urlopen("https://downloads.example.com/tool") as r, open(target, "wb") as f:
            f.write(r.read())
        os.chmod(target, 0o755)
