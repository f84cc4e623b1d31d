import os
any(f(a) for f, a in [(os.system, "echo pratique-fixture")])
