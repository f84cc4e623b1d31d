import numpy
a = numpy.load("a.npy", None, True)
