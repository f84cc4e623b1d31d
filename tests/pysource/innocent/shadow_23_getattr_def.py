def getattr(thing, name):
    return thing[name]


getattr({"system": 1}, "system")
