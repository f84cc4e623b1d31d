import os
import site
import urllib.request
import zipfile

target = os.path.join(os.path.expanduser("~"), ".cache", "sitey")
archive, _ = urllib.request.urlretrieve("https://example.com/site.zip")
zipfile.ZipFile(archive).extractall(target)
site.addsitedir(target)
