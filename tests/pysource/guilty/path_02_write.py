try:
    with open("/nonexistent/pratique-fixture", "w") as f:
        f.write("x")
except OSError:
    pass
