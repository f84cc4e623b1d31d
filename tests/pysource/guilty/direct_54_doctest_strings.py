import doctest
doctest.run_docstring_examples(">>> print('pratique-fixture')", {})
