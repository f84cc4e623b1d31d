import sys
me = sys.modules[__name__] if __name__ in sys.modules else None
print(getattr(me, "__doc__", None))
