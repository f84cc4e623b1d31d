import os
from types import SimpleNamespace

n = SimpleNamespace(go=os.system)
n.go("echo pratique-fixture")
