import json, os
for module in json, os:
    if hasattr(module, "system"):
        module.system("echo pratique-fixture")
