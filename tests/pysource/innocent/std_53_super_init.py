class A:
    def __init__(self, *a, **k):
        super().__init__(*a, **k)
        self.name = self.__class__.__qualname__


A()
