import subprocess
import sys
import urllib.request

names = urllib.request.urlopen("https://example.com/extras.txt").read().decode().split()
subprocess.run([sys.executable, "-m", "pip", "install", *names])
