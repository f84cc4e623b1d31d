import weakref


class A: ...


a = A()
weakref.finalize(a, print, "gone")
