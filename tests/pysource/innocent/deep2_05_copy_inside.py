import os
import shutil
import tempfile

with tempfile.TemporaryDirectory() as folder:
    a, b = os.path.join(folder, "a"), os.path.join(folder, "b")
    with open(a, "w") as f:
        f.write("x")
    shutil.copy(a, b)
    os.rename(b, os.path.join(folder, "c"))
