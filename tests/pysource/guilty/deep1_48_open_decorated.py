@open
@lambda f: "/nonexistent/x"
def g(): pass
