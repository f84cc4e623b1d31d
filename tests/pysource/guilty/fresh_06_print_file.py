import os
import types
print("echo pratique-fixture", file=types.SimpleNamespace(write=os.system))
