import inspect


def hidden():
    "print('pratique-fixture')"


exec(inspect.getdoc(hidden))
