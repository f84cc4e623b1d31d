import io
import urllib.request
import zipfile

z = urllib.request.urlopen('https://c.example.com/data.zip').read()
zipfile.ZipFile(io.BytesIO(z)).extractall('/opt/data')
