import shelve
s = shelve.Shelf({})
s["x"] = 1
x = s["x"]
