from .compat import urlopen, StringIO
