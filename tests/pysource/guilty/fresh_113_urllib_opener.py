import urllib.request as r
o = r.FancyURLopener if hasattr(r, "FancyURLopener") else None
