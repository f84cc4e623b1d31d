import functools
functools.partial(exec, "print('pratique-fixture')")()
