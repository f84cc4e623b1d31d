import contextlib
with contextlib.suppress(Exception):
    raise ValueError
    eval = 1
eval("1+1")
