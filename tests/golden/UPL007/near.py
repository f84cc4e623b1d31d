class A:
    pass
A.__mro__, A.__bases__, A().__class__, A.__dict__
