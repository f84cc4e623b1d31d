import jsonpickle
jsonpickle.decode(x)
