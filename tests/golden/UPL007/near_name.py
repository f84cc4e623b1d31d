x = __name__, __file__
