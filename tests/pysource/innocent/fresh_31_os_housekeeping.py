import os
import shutil
import tempfile
d = tempfile.mkdtemp()
p = os.path.join(d, "x")
with open(p, "w") as f:
    f.write("x")
os.chmod(p, 0o600)
os.rename(p, p + "y")
print(os.stat(p + "y").st_size, os.uname().sysname, os.get_exec_path()[:0], os.access(d, os.X_OK))
os.remove(p + "y")
shutil.rmtree(d)
