for c in object.__subclasses__(): pass
