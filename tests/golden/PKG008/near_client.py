import os
import urllib.request


def status():
    return urllib.request.urlopen(os.environ['SERVICE_URL']).status
