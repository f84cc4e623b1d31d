try:
    open("/".join(["", "nonexistent", "pratique-fixture"]))
except OSError:
    pass
