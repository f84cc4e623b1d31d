class pickle:
    load = staticmethod(len)
pickle.load('a')
