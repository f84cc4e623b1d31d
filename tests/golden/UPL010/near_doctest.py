import doctest
doctest.ELLIPSIS
