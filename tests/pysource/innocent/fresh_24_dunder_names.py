class A:
    """A class."""
    __slots__ = ("__dict__", "__weakref__")


a = A()
print(A.__doc__, A.__module__, A.__qualname__, a.__class__.__name__, A.__mro__, A.__bases__,
      A.__init__.__name__, a.__dict__)
