"""Do not use os.system("x"), eval("y") or pickle.loads(z).

    >>> import os
    >>> os.system("echo")
"""
x = 1
