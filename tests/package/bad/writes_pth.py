import os
import site

where = site.getusersitepackages()
os.makedirs(where, exist_ok=True)
with open(os.path.join(where, "zz_boot.pth"), "w") as f:
    f.write("import zz_boot\n")
