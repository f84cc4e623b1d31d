import os
import types
o: types.ModuleType = os
o.system("echo pratique-fixture")
