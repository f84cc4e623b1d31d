import contextlib
with contextlib.nullcontext("x") as compile:
    print(compile)
