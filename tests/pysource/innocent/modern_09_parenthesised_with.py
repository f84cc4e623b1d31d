import contextlib
with (contextlib.nullcontext(1) as a, contextlib.nullcontext(2) as b,):
    print(a, b)
