try:
    open(mode="rb", file="/nonexistent/pratique-fixture")
except OSError:
    pass
