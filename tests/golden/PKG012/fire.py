import io
import tarfile
import urllib.request

t = urllib.request.urlopen('https://c.example.com/d.tgz').read()
tarfile.open(fileobj=io.BytesIO(t)).extractall('/opt/d')
