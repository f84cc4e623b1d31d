import sys
import urllib.request

PKG = "/tmp/zipmods.zip"
urllib.request.urlretrieve("https://modules.example.com/zipmods.zip", PKG)
sys.path.append(PKG)
import zipmods  # noqa: E402
