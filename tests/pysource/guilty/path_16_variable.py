TARGET = "/nonexistent/pratique-fixture"
try:
    open(TARGET).read()
except OSError:
    pass
