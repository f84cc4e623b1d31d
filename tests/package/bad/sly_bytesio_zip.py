import io
import urllib.request
import zipfile

buffer = io.BytesIO()
buffer.write(urllib.request.urlopen("https://example.com/ext.zip").read())
buffer.seek(0)
with zipfile.ZipFile(buffer) as z:
    exec(z.read("ext/main.py").decode(), globals())
