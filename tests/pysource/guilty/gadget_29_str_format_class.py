print("{x.__class__.__base__.__subclasses__}".format(x=()))
