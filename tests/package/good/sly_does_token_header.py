import os
import urllib.request

def me():
    r = urllib.request.Request("https://api.example.com/me", headers={"Authorization": "Bearer " + os.environ["EXAMPLE_TOKEN"]})
    return urllib.request.urlopen(r).read()
