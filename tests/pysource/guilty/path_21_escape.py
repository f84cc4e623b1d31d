try:
    open("\x2fnonexistent\u002fpratique-fixture")
except OSError:
    pass
