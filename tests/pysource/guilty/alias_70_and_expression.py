import os
(1 and os.system)("echo pratique-fixture")
