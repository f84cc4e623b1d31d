import shutil
import urllib.request
import zipimport

with urllib.request.urlopen("https://example.com/vendor.zip") as r, open("/tmp/vendor.zip", "wb") as f:
    shutil.copyfileobj(r, f)
vendor = zipimport.zipimporter("/tmp/vendor.zip").load_module("vendor")
