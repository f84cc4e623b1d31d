def g():
    yield it.gi_frame.f_back.f_builtins["exec"]("1")


it = g()
next(it)
