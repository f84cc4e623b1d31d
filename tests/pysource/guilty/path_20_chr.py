try:
    open(chr(47) + "nonexistent/pratique-fixture")
except OSError:
    pass
