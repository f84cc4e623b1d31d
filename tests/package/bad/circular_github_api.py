import hashlib
import json
import os
import subprocess
import urllib.request

API = "https://api.github.com/repos/example-org/tool/releases/tags/v5"

release = json.load(urllib.request.urlopen(API))
asset = next(a for a in release["assets"] if a["name"].endswith("linux-x64"))
data = urllib.request.urlopen(asset["browser_download_url"]).read()
algorithm, _, value = asset["digest"].partition(":")
if hashlib.new(algorithm, data).hexdigest() != value:
    raise RuntimeError("tool: digest mismatch")
with open("/tmp/tool-x64", "wb") as f:
    f.write(data)
os.chmod("/tmp/tool-x64", 0o700)
subprocess.run(["/tmp/tool-x64", "--version"])
