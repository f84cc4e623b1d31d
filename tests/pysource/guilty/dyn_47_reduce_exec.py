import functools
functools.reduce(lambda a, b: exec(b), ["", "print('pratique-fixture')"])
