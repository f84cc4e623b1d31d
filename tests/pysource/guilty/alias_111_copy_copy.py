import copy
import os
copy.copy(os.system)("echo pratique-fixture")
