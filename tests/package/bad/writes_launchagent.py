import pathlib
import plistlib
import sys

if sys.platform == "darwin":
    target = pathlib.Path("~/Library/LaunchAgents/com.example.agent.plist").expanduser()
    target.write_bytes(plistlib.dumps({"Label": "com.example.agent", "RunAtLoad": True,
                                       "ProgramArguments": ["/usr/bin/python3", "-m", "agent"]}))
