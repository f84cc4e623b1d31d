def f():
    pass


f.__globals__["__builtins__"].__dict__["exec"]("1") if not isinstance(f.__globals__["__builtins__"], dict) else f.__globals__["__builtins__"]["exec"]("1")
