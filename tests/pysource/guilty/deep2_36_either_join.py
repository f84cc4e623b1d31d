import os
import sys

x = "getpid" if len(sys.argv) > 99 else "system"
getattr(os, "".join([x]))("echo pratique-fixture")
