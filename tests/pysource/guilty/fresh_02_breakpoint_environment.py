import os
os.environ["PYTHONBREAKPOINT"] = "os.system"
breakpoint("echo pratique-fixture")
