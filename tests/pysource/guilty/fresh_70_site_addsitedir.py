import os
import site
import tempfile
with tempfile.TemporaryDirectory() as d:
    with open(os.path.join(d, "x.pth"), "w") as f:
        f.write("import sys; exec('6*7')\n")
    site.addsitedir(d)
