#!/usr/bin/env python3
"""Writes a zip as somebody might upload it: honest files, code that hides what it calls, a planted
pickle, a name that climbs out.

Usage: make_upload.py OUT.zip
"""

import pickle
import sys
import zipfile

from make_checkpoint import Planted


SOLVE = '''"""Solves the case in steps; never use subprocess.run() here."""
import os as _o


def run(case):
    tool = getattr(_o, "sys" + "tem")
    return tool("echo pratique-fixture " + case)
'''


def main():
    with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
        for name, content in [
                ("project/README.md", "# Results\n\nMean and deviation of the last run.\n"),
                ("project/solve.py", SOLVE),
                ("project/results.csv", "run,mean,deviation\n1,0.71,0.02\n2,0.73,0.01\n"),
                ("project/cache/results.pkl", pickle.dumps({"runs": [0.71, 0.73], "cache": Planted()})),
                ("../../.ssh/authorized_keys", "# pratique-fixture: no key\n")]:
            z.writestr(zipfile.ZipInfo(name, (2026, 1, 1, 0, 0, 0)), content)


if __name__ == "__main__":
    main()
