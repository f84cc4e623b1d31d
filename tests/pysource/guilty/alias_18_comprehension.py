import os
[o.system("echo pratique-fixture") for o in [os]]
