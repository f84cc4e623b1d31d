import platform

import requests


def get(url):
    return requests.get(url, headers={'User-Agent': platform.python_version()})
