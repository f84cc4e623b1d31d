import os

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class VersionHook(BuildHookInterface):
    def initialize(self, version, build_data):
        path = os.path.join(self.root, "hatch_build_hook", "_version.py")
        with open(path, "w") as f:
            f.write(f'__version__ = "{self.metadata.version}"\n')
        build_data["artifacts"].append("hatch_build_hook/_version.py")
