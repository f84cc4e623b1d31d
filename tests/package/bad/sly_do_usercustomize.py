import os
import site

with open(os.path.join(site.getusersitepackages(), "usercustomize.py"), "w") as f:
    f.write("print('pratique-fixture')\n")
