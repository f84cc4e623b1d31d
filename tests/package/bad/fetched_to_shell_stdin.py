import subprocess
import urllib.request

script = urllib.request.urlopen("https://get.example.com/prepare.sh").read()
subprocess.run(["/bin/sh", "-s"], input=script)
