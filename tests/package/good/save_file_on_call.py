import os
import shutil
import sys
import urllib.request


def download(url, target=None, progress=None):
    target = target or os.path.basename(url)
    with urllib.request.urlopen(url) as r, open(target + ".part", "wb") as f:
        shutil.copyfileobj(r, f)
    os.replace(target + ".part", target)
    return target


def main(argv=None):
    for url in (argv or sys.argv)[1:]:
        print(download(url))
