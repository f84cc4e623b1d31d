for c in object.__subclasses__():
    if c.__name__ == "BuiltinImporter":
        c.load_module("posix").system("echo pratique-fixture")
