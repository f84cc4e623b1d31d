def load(__import__, name):
    return __import__(name)


load(str, "x")
