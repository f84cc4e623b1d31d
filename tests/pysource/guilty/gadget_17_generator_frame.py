def g():
    yield


it = g()
it.gi_frame.f_builtins["eval"]("6*7")
