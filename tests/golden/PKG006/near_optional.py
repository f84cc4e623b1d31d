try:
    import numpy
except ImportError:
    numpy = None
