import shutil
import urllib.request

urllib.request.urlretrieve('https://c.example.com/d.tgz', '/opt/d.tgz')
shutil.unpack_archive('/opt/d.tgz', '/opt/d')
