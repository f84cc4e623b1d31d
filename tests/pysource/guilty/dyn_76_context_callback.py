import contextlib, os
with contextlib.ExitStack() as stack:
    stack.callback(os.system, "echo pratique-fixture")
