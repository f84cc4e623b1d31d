import os
import stat

import requests
from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class Hook(BuildHookInterface):
    def initialize(self, version, build_data):
        path = os.path.join(self.root, "hatch_hook_fetch", "bin", "tool")
        os.makedirs(os.path.dirname(path), exist_ok=True)
        r = requests.get("https://downloads.example.com/latest/tool", timeout=60)
        with open(path, "wb") as f:
            f.write(r.content)
        os.chmod(path, os.stat(path).st_mode | stat.S_IEXEC)
        build_data["force_include"][path] = "hatch_hook_fetch/bin/tool"
