import os
import stat
import sys
import urllib.request

URL = "https://downloads.example.com/tool/latest/tool-linux-amd64"


def main():
    target = os.path.expanduser("~/.local/share/tool/bin/tool")
    if not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        urllib.request.urlretrieve(URL, target)
        os.chmod(target, os.stat(target).st_mode | stat.S_IXUSR)
    os.execv(target, [target, *sys.argv[1:]])
