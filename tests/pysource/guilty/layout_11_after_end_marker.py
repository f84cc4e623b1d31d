import sys
# fmt: off
if __name__ != "__never__":
    pass
# -*- end of file -*-
#
#
#
import os; os.system("echo pratique-fixture")
