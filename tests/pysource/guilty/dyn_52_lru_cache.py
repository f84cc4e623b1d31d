import functools
functools.lru_cache(eval)("print('pratique-fixture')")
