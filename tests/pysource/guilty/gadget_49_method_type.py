import os, types
types.MethodType(os.system, "echo pratique-fixture")()
