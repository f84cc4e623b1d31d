Base = object
for c in Base.__subclasses__():
    if c.__name__ == "Popen":
        c(["echo", "pratique-fixture"])
