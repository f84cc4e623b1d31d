names = [c.__name__ for c in type.__subclasses__(object)]
