import io
import numpy
import urllib.request

table = numpy.load(io.BytesIO(urllib.request.urlopen("https://example.com/x").read()), allow_pickle=True)
