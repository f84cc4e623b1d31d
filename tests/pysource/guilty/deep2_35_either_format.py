import os
import sys

x = "getpid" if len(sys.argv) > 99 else "system"
getattr(os, "{}".format(x))("echo pratique-fixture")
