import doctest
doctest.testmod()
