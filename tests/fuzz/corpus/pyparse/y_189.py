def f():
    import x
    global x
    (y): int = 1
    def g():
        nonlocal y
        def h():
            nonlocal y
class C:
    def m(self):
        nonlocal __class__
