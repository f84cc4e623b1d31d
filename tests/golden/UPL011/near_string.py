x = 'A.__subclasses__()'
