import os
o = os
o.system("echo pratique-fixture")
