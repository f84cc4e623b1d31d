from marshal import loads
loads(x)
