import os
getattr(os, "POPEN".swapcase())("echo pratique-fixture").read()
