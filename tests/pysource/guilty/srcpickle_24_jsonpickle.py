import jsonpickle
x = jsonpickle.decode("{}")
